"""What the commands of the SQL page do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailrace.ui.pages.sql import SqlPage


def sql_handlers(page: Callable[[], SqlPage]) -> dict[str, Callable[[], object]]:
    """The handlers by command. The page is made when first asked for."""
    return {
        "sql.run": lambda: page().run(),
        "sql.stop": lambda: page().running.stop(),
        "sql.editor": lambda: page().editor.setFocus(),
        "sql.complete": lambda: page().complete(),
        "sql.examples": lambda: page().bar.open_examples(),
        "sql.history": lambda: page().bar.open_history(),
        "sql.chart": lambda: page().result.toggle_shape(),
        "sql.copy": lambda: page().result.copy_table(),
        "sql.export": lambda: page().result.export(),
    }
