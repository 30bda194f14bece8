"""What the commands of the Monitor page do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailrace.ui.pages.monitor import MonitorPage


def monitor_handlers(page: Callable[[], MonitorPage]) -> dict[str, Callable[[], object]]:
    """The handlers by command. The page is made when first asked for."""

    def on_chart(act: Callable[[MonitorPage, str], object]) -> Callable[[], None]:
        """Do something with the chart that has the focus."""

        def run() -> None:
            if panel_id := page().grid.focused:
                act(page(), panel_id)
            else:
                page().line.say("Choose a chart first: Tab goes from one to the next")

        return run

    return {
        "monitor.dashboards": lambda: page().bar.open_dashboards(),
        "monitor.group-by": lambda: page().bar.open_groups(),
        "monitor.compare": lambda: page().bar.open_values(),
        "monitor.live": lambda: page().set_live(not page().is_live),
        "monitor.differs": lambda: page().selection.select_filter(),
        "monitor.clear-selection": lambda: page().selection.clear(),
        "monitor.add-chart": lambda: page().panels.add(),
        "monitor.edit-chart": on_chart(lambda page, panel_id: page.panels.edit(panel_id)),
        "monitor.duplicate-chart": on_chart(lambda page, panel_id: page.panels.duplicate(panel_id)),
        "monitor.remove-chart": on_chart(lambda page, panel_id: page.panels.remove(panel_id)),
        "monitor.show-traces": on_chart(lambda page, panel_id: page.panels.show_traces(panel_id)),
        "monitor.copy-data": on_chart(lambda page, panel_id: page.panels.copy_data(panel_id)),
        "monitor.save-csv": on_chart(lambda page, panel_id: page.panels.save(panel_id, "csv")),
        "monitor.save-png": on_chart(lambda page, panel_id: page.panels.save(panel_id, "png")),
        "monitor.save-svg": on_chart(lambda page, panel_id: page.panels.save(panel_id, "svg")),
        "monitor.open-sql": on_chart(lambda page, panel_id: page.panels.open_as_sql(panel_id)),
        "monitor.new-dashboard": lambda: page().deeds.new(),
        "monitor.duplicate-dashboard": lambda: page().dashboards.duplicate(),
        "monitor.rename-dashboard": lambda: page().deeds.rename(),
        "monitor.delete-dashboard": lambda: page().deeds.delete(),
        "monitor.import-dashboard": lambda: page().deeds.take_in(),
        "monitor.export-dashboard": lambda: page().deeds.export(),
        "monitor.budget": lambda: page().ask_budget(),
    }
