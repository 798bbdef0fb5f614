"""The house widgets: everything a desk's page is built of.

Each is imported the first time somebody asks for it: the sign-in window needs five of them and shall not wait
for the rest.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmdesk.ui.icons import IconLabel
    from crmdesk.ui.widgets.board import KeyGrid, KeyState, Lane, TimerBand, VisitCard
    from crmdesk.ui.widgets.button import Button
    from crmdesk.ui.widgets.card import Card, Scroll, Well, column, row
    from crmdesk.ui.widgets.case import CaseFrame, CaseHead, CaseWords, FactList, StoryCard
    from crmdesk.ui.widgets.chart import BarChart, ChartData, Legend, Series
    from crmdesk.ui.widgets.chips import Chip, ChipRow
    from crmdesk.ui.widgets.edits import Choice, NoteEdit, PasswordEdit, TextEdit, Tick
    from crmdesk.ui.widgets.figures import CountTile, Figure, Figures, Progress, StatTile
    from crmdesk.ui.widgets.form import FormGrid
    from crmdesk.ui.widgets.labels import Avatar, Dot, ElideLabel, Keycap, KeyHint, Label, RingDots, Rule
    from crmdesk.ui.widgets.list_view import ListSpec, ListView
    from crmdesk.ui.widgets.messages import Banner, EmptyState, Toast
    from crmdesk.ui.widgets.pill import ClauseTag, Pill
    from crmdesk.ui.widgets.polite import PoliteLine, PoliteNote
    from crmdesk.ui.widgets.record_table import Memory, RecordTable
    from crmdesk.ui.widgets.rows_model import Column, RowsModel
    from crmdesk.ui.widgets.scan import ScanCatcher
    from crmdesk.ui.widgets.search_box import Match, MatchList, SearchBox
    from crmdesk.ui.widgets.segments import Segments
    from crmdesk.ui.widgets.stages import Stage, StageBar, Step, StepList
    from crmdesk.ui.widgets.timeline import Entry, Timeline
    from crmdesk.ui.widgets.typed_edits import DayEdit, MomentEdit, MoneyEdit, NumberEdit, PhoneEdit

_HOME = {
    "Avatar": "crmdesk.ui.widgets.labels",
    "Banner": "crmdesk.ui.widgets.messages",
    "BarChart": "crmdesk.ui.widgets.chart",
    "Button": "crmdesk.ui.widgets.button",
    "Card": "crmdesk.ui.widgets.card",
    "CaseFrame": "crmdesk.ui.widgets.case",
    "CaseHead": "crmdesk.ui.widgets.case",
    "CaseWords": "crmdesk.ui.widgets.case",
    "ChartData": "crmdesk.ui.widgets.chart",
    "Chip": "crmdesk.ui.widgets.chips",
    "ChipRow": "crmdesk.ui.widgets.chips",
    "Choice": "crmdesk.ui.widgets.edits",
    "ClauseTag": "crmdesk.ui.widgets.pill",
    "Column": "crmdesk.ui.widgets.rows_model",
    "CountTile": "crmdesk.ui.widgets.figures",
    "DayEdit": "crmdesk.ui.widgets.typed_edits",
    "Dot": "crmdesk.ui.widgets.labels",
    "ElideLabel": "crmdesk.ui.widgets.labels",
    "EmptyState": "crmdesk.ui.widgets.messages",
    "Entry": "crmdesk.ui.widgets.timeline",
    "FactList": "crmdesk.ui.widgets.case",
    "Figure": "crmdesk.ui.widgets.figures",
    "Figures": "crmdesk.ui.widgets.figures",
    "FormGrid": "crmdesk.ui.widgets.form",
    "IconLabel": "crmdesk.ui.icons",
    "KeyGrid": "crmdesk.ui.widgets.board",
    "KeyHint": "crmdesk.ui.widgets.labels",
    "KeyState": "crmdesk.ui.widgets.board",
    "Keycap": "crmdesk.ui.widgets.labels",
    "Label": "crmdesk.ui.widgets.labels",
    "Lane": "crmdesk.ui.widgets.board",
    "Legend": "crmdesk.ui.widgets.chart",
    "ListSpec": "crmdesk.ui.widgets.list_view",
    "ListView": "crmdesk.ui.widgets.list_view",
    "Match": "crmdesk.ui.widgets.search_box",
    "MatchList": "crmdesk.ui.widgets.search_box",
    "Memory": "crmdesk.ui.widgets.record_table",
    "MomentEdit": "crmdesk.ui.widgets.typed_edits",
    "MoneyEdit": "crmdesk.ui.widgets.typed_edits",
    "NoteEdit": "crmdesk.ui.widgets.edits",
    "NumberEdit": "crmdesk.ui.widgets.typed_edits",
    "PasswordEdit": "crmdesk.ui.widgets.edits",
    "PhoneEdit": "crmdesk.ui.widgets.typed_edits",
    "Pill": "crmdesk.ui.widgets.pill",
    "PoliteLine": "crmdesk.ui.widgets.polite",
    "PoliteNote": "crmdesk.ui.widgets.polite",
    "Progress": "crmdesk.ui.widgets.figures",
    "RecordTable": "crmdesk.ui.widgets.record_table",
    "RingDots": "crmdesk.ui.widgets.labels",
    "RowsModel": "crmdesk.ui.widgets.rows_model",
    "Rule": "crmdesk.ui.widgets.labels",
    "ScanCatcher": "crmdesk.ui.widgets.scan",
    "Scroll": "crmdesk.ui.widgets.card",
    "SearchBox": "crmdesk.ui.widgets.search_box",
    "Segments": "crmdesk.ui.widgets.segments",
    "Series": "crmdesk.ui.widgets.chart",
    "Stage": "crmdesk.ui.widgets.stages",
    "StageBar": "crmdesk.ui.widgets.stages",
    "StatTile": "crmdesk.ui.widgets.figures",
    "Step": "crmdesk.ui.widgets.stages",
    "StepList": "crmdesk.ui.widgets.stages",
    "StoryCard": "crmdesk.ui.widgets.case",
    "TextEdit": "crmdesk.ui.widgets.edits",
    "Tick": "crmdesk.ui.widgets.edits",
    "Timeline": "crmdesk.ui.widgets.timeline",
    "TimerBand": "crmdesk.ui.widgets.board",
    "Toast": "crmdesk.ui.widgets.messages",
    "VisitCard": "crmdesk.ui.widgets.board",
    "Well": "crmdesk.ui.widgets.card",
    "column": "crmdesk.ui.widgets.card",
    "row": "crmdesk.ui.widgets.card",
}


def __getattr__(name: str) -> Any:
    """Import a widget by its name."""
    if name not in _HOME:
        raise AttributeError(f"no widget {name!r}")
    found = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = found
    return found


__all__ = [
    "Avatar",
    "Banner",
    "BarChart",
    "Button",
    "Card",
    "CaseFrame",
    "CaseHead",
    "CaseWords",
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
    "FactList",
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
    "ListSpec",
    "ListView",
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
    "PoliteLine",
    "PoliteNote",
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
    "StoryCard",
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
