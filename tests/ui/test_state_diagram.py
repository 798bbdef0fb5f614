"""The picture of a table of states: nothing lies on anything else, and whoever can't see it can read it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from crmdesk.rules.machines import MACHINES
from crmdesk.rules.transitions import Machine, Transition
from crmdesk.ui.widgets.state_diagram import StateDiagram, in_text
from crmdesk.ui.widgets.state_layout import Rect, main_road


def over(one: Rect, other: Rect, air: float = 0.0) -> bool:
    return (
        one[0] < other[0] + other[2] + air and other[0] < one[0] + one[2] + air
        and one[1] < other[1] + other[3] + air and other[1] < one[1] + one[3] + air
    )  # fmt: skip


@pytest.mark.parametrize("width", [1112, 700])
@pytest.mark.parametrize("code", ["en", "zh_TW", "zh_CN"])
@pytest.mark.parametrize("name", list(MACHINES))
def test_states_labels_and_arrows_keep_apart(
    qtbot: QtBot, look: Callable[..., None], name: str, code: str, width: int
) -> None:
    look(language=code)
    diagram = StateDiagram(MACHINES[name])
    qtbot.addWidget(diagram)
    diagram.resize(width, 500)
    diagram.show()
    plan = diagram.canvas.plan
    boxes = [box.rect for box in plan.boxes.values()]
    labels = [arrow.label_rect for arrow in plan.arrows]
    assert set(plan.boxes) == set(MACHINES[name].states)
    assert not any(over(one, other, 4) for one, other in combinations(boxes, 2)), "two states"
    assert not any(over(one, other) for one, other in combinations(labels, 2)), "two labels"
    assert not any(over(label, box) for label in labels for box in boxes), "a label on a state"
    for x, y, wide, high in (*boxes, *labels):
        assert x >= 0 and y >= 0 and x + wide <= plan.width and y + high <= plan.height
    for arrow in plan.arrows:
        for path in arrow.paths:
            for (x1, y1), (x2, y2) in pairwise(path):
                line = (min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
                ends = {*arrow.sources, arrow.target}
                crossed = [box.state for box in plan.boxes.values() if box.state not in ends and over(line, box.rect)]
                assert not crossed, f"{arrow.action} runs over {crossed}"
    if width == 1112:
        assert plan.height <= 460, "higher than its room"


def test_every_step_is_drawn_once(qtbot: QtBot) -> None:
    for machine in MACHINES.values():
        diagram = StateDiagram(machine)
        qtbot.addWidget(diagram)
        drawn = sorted((a.action, s, a.target) for a in diagram.canvas.plan.arrows for s in a.sources)
        assert drawn == sorted((row.action, s, row.to) for row in machine.transitions for s in row.from_ if s != row.to)
        assert all(len(arrow.paths) == len(arrow.sources) for arrow in diagram.canvas.plan.arrows)


def test_the_main_road_is_the_longest_way() -> None:
    assert main_road(MACHINES["packing"]) == ["open", "packing", "packed", "sealed"]
    road = main_road(MACHINES["complaint"])
    assert road[:3] == ["received", "assigned", "investigating"] and "closed" in road
    loop = Machine("m", {"a": "A", "b": "B"}, (Transition("go", ("a",), "b", "r", "Go"),
                                               Transition("back", ("b",), "a", "r", "Back")))  # fmt: skip
    assert main_road(loop) == ["a", "b"]


def test_the_keys_walk_and_the_words_follow(qtbot: QtBot) -> None:
    diagram = StateDiagram(MACHINES["complaint"], "proposed")
    qtbot.addWidget(diagram)
    diagram.resize(1112, 500)
    diagram.show()
    canvas = diagram.canvas
    assert "Approve the proposal → Approved" in diagram.words.text()
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.chosen == "approved" and diagram.words.text().startswith("Approved: Carried out")
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.plan.boxes[canvas.chosen].row == 1
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    for _step in range(12):
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.chosen == "received"
    box = canvas.plan.boxes["assigned"].rect
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(box[0] + 20), round(box[1] + 10)))
    assert canvas.chosen == "assigned"
    assert canvas.accessibleName() == diagram.words.text()
    assert canvas.accessibleDescription() == in_text(MACHINES["complaint"])
    assert in_text(MACHINES["packing"]).splitlines()[0] == "To count → Being packed: Start counting"


def test_it_is_freed_and_speaks_another_language(
    freed: Callable[..., None], look: Callable[..., None], qtbot: QtBot
) -> None:
    diagram = StateDiagram(MACHINES["repair"])
    qtbot.addWidget(diagram)
    english = diagram.words.text()
    look(language="zh_TW")
    assert diagram.words.text() != english
    freed(lambda: StateDiagram(MACHINES["sale"]))
