"""The waterfall of one trace: span tree and timing bars in one virtualised view.

`scene`, `rows`, `axis`, `layout`, `critical`, `columns` and `hints` know no Qt; `paint`, `ruler`, `overview`, `area`
and `view` draw them and listen to the person.
"""

from tailrace.ui.views.waterfall.columns import Column
from tailrace.ui.views.waterfall.critical import Analysis, analyse
from tailrace.ui.views.waterfall.state import ViewState
from tailrace.ui.views.waterfall.view import WaterfallView

__all__ = ["Analysis", "Column", "ViewState", "WaterfallView", "analyse"]
