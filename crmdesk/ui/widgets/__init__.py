"""The house widgets: everything a desk's page is built of."""

from __future__ import annotations

from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets.board import KeyGrid, KeyState, Lane, TimerBand, VisitCard
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Card, Scroll, Well, column, row
from crmdesk.ui.widgets.chart import BarChart, ChartData, Legend, Series
from crmdesk.ui.widgets.chips import Chip, ChipRow
from crmdesk.ui.widgets.edits import Choice, NoteEdit, PasswordEdit, TextEdit, Tick
from crmdesk.ui.widgets.figures import CountTile, Figure, Figures, Progress, StatTile
from crmdesk.ui.widgets.form import FormGrid
from crmdesk.ui.widgets.labels import Avatar, Dot, ElideLabel, Keycap, KeyHint, Label, RingDots, Rule
from crmdesk.ui.widgets.messages import Banner, EmptyState, Toast
from crmdesk.ui.widgets.pill import ClauseTag, Pill
from crmdesk.ui.widgets.record_table import Memory, RecordTable
from crmdesk.ui.widgets.rows_model import Column, RowsModel
from crmdesk.ui.widgets.scan import ScanCatcher
from crmdesk.ui.widgets.search_box import Match, MatchList, SearchBox
from crmdesk.ui.widgets.segments import Segments
from crmdesk.ui.widgets.stages import Stage, StageBar, Step, StepList
from crmdesk.ui.widgets.timeline import Entry, Timeline
from crmdesk.ui.widgets.typed_edits import DayEdit, MomentEdit, MoneyEdit, NumberEdit, PhoneEdit

__all__ = [
    "Avatar",
    "Banner",
    "BarChart",
    "Button",
    "Card",
    "ChartData",
    "Chip",
    "ChipRow",
    "Choice",
    "ClauseTag",
    "Column",
    "CountTile",
    "DayEdit",
    "Dot",
    "ElideLabel",
    "EmptyState",
    "Entry",
    "Figure",
    "Figures",
    "FormGrid",
    "IconLabel",
    "KeyGrid",
    "KeyHint",
    "KeyState",
    "Keycap",
    "Label",
    "Lane",
    "Legend",
    "Match",
    "MatchList",
    "Memory",
    "MomentEdit",
    "MoneyEdit",
    "NoteEdit",
    "NumberEdit",
    "PasswordEdit",
    "PhoneEdit",
    "Pill",
    "Progress",
    "RecordTable",
    "RingDots",
    "RowsModel",
    "Rule",
    "ScanCatcher",
    "Scroll",
    "SearchBox",
    "Segments",
    "Series",
    "Stage",
    "StageBar",
    "StatTile",
    "Step",
    "StepList",
    "TextEdit",
    "Tick",
    "Timeline",
    "TimerBand",
    "Toast",
    "VisitCard",
    "Well",
    "column",
    "row",
]  # fmt: skip
