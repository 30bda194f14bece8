"""What the commands of the Traces page do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from tailrace.ui.commands import Actions
    from tailrace.ui.pages.traces import TracesPage


def traces_handlers(page: Callable[[], TracesPage], actions: Callable[[], Actions]) -> dict[str, Callable[[], object]]:
    """The handlers by command. The page is made when first asked for."""

    def toggle_inspector() -> None:
        page().inspector.setVisible(actions()["view.inspector"].isChecked())

    def compress_gaps() -> None:
        on = actions()["span.compress-gaps"].isChecked()
        page().waterfall.set_compress_gaps(on)
        page().header.set_compress(on)

    def choose_columns() -> None:
        from tailrace.ui.views.waterfall import Column

        chosen = {column for column in Column if actions()[f"span.column-{column.name.lower()}"].isChecked()}
        page().waterfall.set_columns(frozenset(chosen))

    def copy_trace_id() -> None:
        if (trace := page().trace) is not None:
            QGuiApplication.clipboard().setText(trace.row.trace_id)
            page().status.emit(f"Copied {trace.row.trace_id}")

    return {
        "edit.copy-trace-id": copy_trace_id,
        "view.inspector": toggle_inspector,
        "trace.next": lambda: page().step_trace(1),
        "trace.previous": lambda: page().step_trace(-1),
        "trace.thumb-up": lambda: page().thumb(True),
        "trace.thumb-down": lambda: page().thumb(False),
        "trace.note": lambda: page().inspector.focus_note(),
        "trace.same-session": lambda: page().filter_session(),
        "trace.find": lambda: page().finder.open(),
        "trace.find-next": lambda: page().finder.step(1),
        "trace.find-previous": lambda: page().finder.step(-1),
        "span.next-error": lambda: page().step_error(1),
        "span.previous-error": lambda: page().step_error(-1),
        "span.fit": lambda: page().waterfall.fit_selected(),
        "span.zoom-in": lambda: page().waterfall.zoom_in(),
        "span.zoom-out": lambda: page().waterfall.zoom_out(),
        "span.collapse-all": lambda: page().waterfall.collapse_all(),
        "span.expand-all": lambda: page().waterfall.expand_all(),
        "span.compress-gaps": compress_gaps,
        "span.column-self": choose_columns,
        "span.column-share": choose_columns,
        "span.column-tokens": choose_columns,
        "span.column-cost": choose_columns,
    }
