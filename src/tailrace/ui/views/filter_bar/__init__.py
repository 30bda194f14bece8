"""The bar on top of every page: what is asked of the traces, and of which time."""

from tailrace.ui.views.filter_bar.bar import FilterBar, SavedFilter
from tailrace.ui.views.filter_bar.time_range import TimeRange, TimeRangeButton

__all__ = ["FilterBar", "SavedFilter", "TimeRange", "TimeRangeButton"]
