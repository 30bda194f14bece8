"""What one chart shows: its kind, its measures, by what it is grouped, of which traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tailrace.metrics.dashboards import PAGE, fault_in, grouped_by
from tailrace.model.dashboard import ChartKind, Panel
from tailrace.model.facts import ATTRIBUTE, COLUMNS, DIMENSIONS, ColumnType, type_of
from tailrace.model.measures import Grain, Measure
from tailrace.ui.models.monitor_terms import field_title
from tailrace.ui.theme import tip, ui_font
from tailrace.ui.views.choice_box import ChoiceBox, CountBox
from tailrace.ui.views.controls import Words
from tailrace.ui.views.fitting import fit
from tailrace.ui.views.measure_field import MeasureField

KINDS: dict[ChartKind, str] = {
    ChartKind.NUMBER: "Big number",
    ChartKind.LINE: "Lines",
    ChartKind.AREA: "Stacked areas",
    ChartKind.BARS: "Stacked bars",
    ChartKind.LIST: "Bar list",
    ChartKind.PIE: "Pie: parts of one whole",
    ChartKind.TABLE: "Table",
    ChartKind.HEATMAP: "Heatmap over time",
    ChartKind.HISTOGRAM: "Histogram",
    ChartKind.COMPARISON: "Comparison of up to three values",
    ChartKind.DIFFERENCES: "What differs in the selection",
}
_OF_COLUMN = (ChartKind.HEATMAP, ChartKind.HISTOGRAM)
_GROUPED = (ChartKind.LINE, ChartKind.AREA, ChartKind.BARS, ChartKind.LIST, ChartKind.PIE, ChartKind.TABLE)
_BY = (*_GROUPED, ChartKind.COMPARISON)
_NUMERIC = (ColumnType.INTEGER, ColumnType.NUMBER)


class EditPanel(QDialog):
    """Signals: `accepted_panel(object)` carries the changed Panel; nothing when nothing changed."""

    accepted_panel = Signal(object)

    def __init__(
        self,
        panel: Panel,
        title: str,
        measures: Sequence[Measure],
        keys: Sequence[str] = (),
        scores: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self.setWindowTitle(title)
        self.title = QLineEdit(panel.title)
        self.title.setPlaceholderText("As what is measured")
        self.title.setMaxLength(200)
        self.kind = ChoiceBox()
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind)
        self.kind.setCurrentIndex(list(KINDS).index(panel.kind))
        self.by = ChoiceBox()
        self._fill_groups(keys)
        self.top = CountBox()
        self.top.setRange(1, 100)
        self.top.setValue(max(1, panel.top))
        self.top.setToolTip("So many groups stand alone, the others together")
        self.filter = QLineEdit(panel.filter)
        self.filter.setPlaceholderText("Narrows the page's filter, for example kind:llm")
        self.column = ChoiceBox()
        self._fill_columns(scores)
        self.measures = MeasureField()
        self.measures.offer(measures, keys, scores)
        self.measures.set_texts(() if panel.kind in _OF_COLUMN else panel.measures)
        self.problem = Words("", "err", ui_font(12))
        self.problem.setMinimumHeight(34)
        self.ok = QPushButton("Save")
        self.ok.setObjectName("primary")
        self.ok.clicked.connect(self.accept)
        self._arrange(title)
        for signal in (self.title.textChanged, self.filter.textChanged, self.measures.changed):
            signal.connect(self._check)
        self.measures.line.textChanged.connect(self._check)
        self.kind.currentIndexChanged.connect(self._check)
        self.column.currentIndexChanged.connect(self._check)
        self._check()
        (self.title if panel.measures else self.measures.line).setFocus()

    def _arrange(self, title: str) -> None:
        head = QLabel(title)
        head.setFont(ui_font(18, QFont.Weight.DemiBold))
        self.form = QFormLayout()
        self.form.setVerticalSpacing(10)
        self.form.setHorizontalSpacing(12)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, field in (
            ("&Title", self.title),
            ("&Kind", self.kind),
            ("&Column", self.column),
            ("&Group by", self.by),
            ("T&op", self.top),
            ("&Filter", self.filter),
        ):
            self.form.addRow(words, field)
            field.setAccessibleName(words.replace("&", ""))
        left = QVBoxLayout()
        left.addLayout(self.form)
        left.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(22)
        middle.addLayout(left, 5)
        middle.addWidget(self.measures, 6)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.ok.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.problem, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.ok)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(14)
        column.addWidget(head)
        column.addLayout(middle, 1)
        column.addLayout(buttons)
        fit(self, 860, 560)

    def _fill_groups(self, keys: Sequence[str]) -> None:
        self.by.addItem("Nothing", "")
        self.by.addItem("What the page is grouped by", PAGE)
        for dimension in DIMENSIONS:
            self.by.addItem(dimension.title, dimension.field)
        for key in keys:
            self.by.addItem(f"Attribute {' '.join(key[:120].split())}", f"{ATTRIBUTE}{key}")
            self.by.setItemData(self.by.count() - 1, tip(key), Qt.ItemDataRole.ToolTipRole)
        if (own := grouped_by(self._panel.by, "")) and own != self._panel.by:
            self.by.insertItem(2, f"What the page is grouped by, else {field_title(own).lower()}", self._panel.by)
        elif self.by.findData(self._panel.by) < 0:
            self.by.addItem(self._panel.by[:120], self._panel.by)
        self.by.setCurrentIndex(self.by.findData(self._panel.by))
        self.by.setMaxVisibleItems(20)

    def _fill_columns(self, scores: Sequence[str]) -> None:
        for grain in Grain:
            for name, meaning in COLUMNS[grain].items():
                if type_of(grain, name) in _NUMERIC and grain is not Grain.SCORE:
                    self.column.addItem(f"{grain.value}: {_plain(name)}", f"{grain.value}.{name}")
                    self.column.setItemData(self.column.count() - 1, tip(meaning), Qt.ItemDataRole.ToolTipRole)
        for score in scores:
            self.column.addItem(f"score: {' '.join(score[:120].split())}", f"score.value:{score}")
        wanted = self._panel.measures[0] if self._panel.kind in _OF_COLUMN and self._panel.measures else ""
        if wanted and self.column.findData(wanted) < 0:
            self.column.addItem(wanted[:120], wanted)
        self.column.setCurrentIndex(max(0, self.column.findData(wanted)))
        self.column.setMaxVisibleItems(20)

    # ---- what comes of it ----

    @property
    def panel(self) -> Panel:
        """The panel as it stands in the fields."""
        kind = ChartKind(self.kind.currentData())
        measures = self.measures.texts
        if kind in _OF_COLUMN:
            measures = (str(self.column.currentData()),)
        elif kind is ChartKind.DIFFERENCES:
            measures = ()
        return replace(
            self._panel,
            title=self.title.text().strip(),
            kind=kind,
            measures=measures,
            by=str(self.by.currentData()) if kind in _BY else "",
            top=self.top.value(),
            filter=self.filter.text().strip(),
        )

    def accept(self) -> None:
        """Qt: take it."""
        if self.ok.isEnabled():
            panel = self.panel
            if panel != self._panel:
                self.accepted_panel.emit(panel)
            super().accept()

    def _check(self, *_: object) -> None:
        panel = self.panel
        measured = panel.kind not in (*_OF_COLUMN, ChartKind.DIFFERENCES)
        self.measures.setEnabled(measured)
        self.form.setRowVisible(self.column, panel.kind in _OF_COLUMN)
        self.form.setRowVisible(self.by, panel.kind in _BY)
        self.form.setRowVisible(self.top, panel.kind in _GROUPED)
        wrong = self._problem(panel, measured)
        self.ok.setEnabled(not wrong)
        self.problem.set_text(wrong)

    def _problem(self, panel: Panel, measured: bool) -> str:
        if measured and self.measures.unfinished and not panel.measures and self.measures.can_take:
            return "Take the measure with Enter."
        if measured and not panel.measures:
            return "Choose what the chart measures."
        fault = fault_in(panel)
        return fault[:1].upper() + fault[1:]


def _plain(column: str) -> str:
    return column.removesuffix("_ns").replace("_", " ")
