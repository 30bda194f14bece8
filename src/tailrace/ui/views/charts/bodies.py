"""Which drawing belongs to which kind of chart. The plotting library loads with the first chart that needs it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from tailrace.model.dashboard import ChartKind
from tailrace.ui.views.charts.body import Body


def make_body(kind: ChartKind, parent: QWidget) -> Body:
    """The drawing of a kind, still empty."""
    match kind:
        case ChartKind.LINE | ChartKind.AREA | ChartKind.BARS:
            from tailrace.ui.views.charts.time_plot import TimePlot

            return TimePlot(kind, parent)
        case ChartKind.HEATMAP:
            from tailrace.ui.views.charts.heat_plot import HeatPlot

            return HeatPlot(parent)
        case ChartKind.HISTOGRAM:
            from tailrace.ui.views.charts.spread_plot import SpreadPlot

            return SpreadPlot(parent)
        case ChartKind.NUMBER:
            from tailrace.ui.views.charts.number import NumberBody

            return NumberBody(parent)
        case ChartKind.LIST:
            from tailrace.ui.views.charts.ranking import RankingBody

            return RankingBody(parent)
        case ChartKind.PIE:
            from tailrace.ui.views.charts.donut import DonutBody

            return DonutBody(parent)
        case ChartKind.TABLE:
            from tailrace.ui.views.charts.grid import GridBody

            return GridBody(parent)
        case ChartKind.COMPARISON:
            from tailrace.ui.views.charts.comparison import ComparisonBody

            return ComparisonBody(parent)
        case ChartKind.DIFFERENCES:
            from tailrace.ui.views.charts.differences import DifferencesBody

            return DifferencesBody(parent)
