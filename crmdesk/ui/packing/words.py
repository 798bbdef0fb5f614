"""The packing station's sentences that depend on what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from crmdesk.core.i18n import _, language, ngettext, pgettext
from crmdesk.rules import packing as rules
from crmdesk.rules.checklists import spoken
from crmdesk.rules.pack_tables import Texts
from crmdesk.services.packing import LineRow, Sheet, WrongScan
from crmdesk.ui.packing.alarm import AlarmText, Piece
from crmdesk.ui.packing.panels import TickRow

RETURN_SLIP = "return_slip"  # the line of the check list that prints it


class Key(NamedTuple):
    """What a number key of the station does now: its word, and why it can't act yet."""

    word: str
    ready: bool = True
    reason: str = ""


def person(sheet: Sheet) -> str:
    """Return the customer with title, as people are addressed."""
    if sheet.gender == "f":
        return _("Ms {name}").format(name=sheet.customer)
    if sheet.gender == "m":
        return _("Mr {name}").format(name=sheet.customer)
    return sheet.customer


def left_over(count: int) -> str:
    """Return how many pieces of a line are still to come."""
    return ngettext("{count} piece to go", "{count} pieces to go", count).format(count=count)


def open_lines(count: int) -> str:
    """Return how many lines of the slip are still to be counted."""
    return ngettext(
        "{count} line is neither full nor crossed out yet.",
        "{count} lines are neither full nor crossed out yet.",
        count,
    ).format(count=count)


def alarm(sheet: Sheet, wrong: WrongScan, at: datetime) -> AlarmText:
    """Return what the alarm says about a wrong scan; ``at`` is local time."""
    scanned = wrong.name or wrong.code
    expected = sheet.current if sheet.current is not None and not sheet.current.full else None
    line = sheet.line(wrong.line_id)
    if wrong.verdict == "crossed":
        first = _("{item} is crossed out on this slip.").format(item=scanned)
    elif wrong.verdict == "unknown":
        first = _("No piece of ours has the code {code}.").format(code=wrong.code)
    elif expected is None:
        first = _("Everything on this slip is packed already.")
    elif line is not None and line.id == expected.id:
        first = ngettext(
            "Only {count} more of {item} belongs into the carton.",
            "Only {count} more of {item} belong into the carton.", line.left,
        ).format(count=line.left, item=scanned)  # fmt: skip
    else:
        first = _("This is not {item}.").format(item=expected.name)
    if wrong.verdict == "unknown":
        second = _("Please put it aside and ask.")
    elif wrong.area:
        second = _("Please put {item} back in area {area}.").format(item=scanned, area=wrong.area)
    else:
        second = _("Please put {item} back.").format(item=scanned)
    should = Piece(_("Nothing more"))
    if expected is not None:
        note = _("{packed} / {wanted}, {left} to go").format(
            packed=expected.packed, wanted=expected.wanted, left=expected.left
        )
        should = Piece(expected.name, expected.code, note)
    foot = ngettext(
        "Scanning is off until you confirm · {count} wrong piece today · PACK-03",
        "Scanning is off until you confirm · {count} wrong pieces today · PACK-03",
        wrong.count_today,
    ).format(count=wrong.count_today)
    return AlarmText(
        (first, second),
        should,
        Piece(wrong.name or _("Unknown code"), wrong.code, _scanned_note(wrong, line)),
        (
            _joined(sheet.number, person(sheet)),
            _joined(_("Counted by {name}").format(name=sheet.counter), f"{at:%H:%M:%S}"),
        ),
        foot,
    )


def _joined(first: str, second: str) -> str:
    dot = "·" if language().startswith("zh") else " · "  # full width in our Chinese faces
    return f"{first}{dot}{second}"


def _scanned_note(wrong: WrongScan, line: LineRow | None) -> str:
    if wrong.verdict == "wrong":
        return _("not on this slip")
    if wrong.verdict == "crossed":
        return _("crossed out")
    if line is not None:
        return ngettext("all {count} piece packed", "all {count} pieces packed", line.packed).format(count=line.packed)
    return ""


def procedure_rows(lines: Sequence[tuple[str, Texts | str, str]]) -> list[TickRow]:
    """Return a whole procedure as it is shown before the counting begins."""
    return [TickRow(0, key, spoken(said), clause, False) for key, said, clause in lines]


def check_rows(sheet: Sheet) -> list[TickRow]:
    """Return the lines of the check list that belong to the state: before finishing, or before sealing."""
    first = {tick.key for tick in rules.BOTH}  # these the finish waits for, all others the seal
    sealing = sheet.state in ("packed", "sealed")
    rows = [
        TickRow(0, key, spoken(said), clause, key in sheet.ticks)
        for key, said, clause in sheet.procedure if (key not in first) == sealing
    ]  # fmt: skip
    if sheet.state == "packing":
        if sheet.crossed:
            text = _("Print the return slip")
            if sheet.return_number:
                text = _("Return slip {number} is printed.").format(number=sheet.return_number)
            rows.append(TickRow(0, RETURN_SLIP, text, "PACK-04", bool(sheet.return_number)))
            rows += [
                TickRow(0, f"return.{key}", _signed_by(sheet, key, who), "PACK-04", key in sheet.return_signatures)
                for key, who in rules.RETURN_SIGNATURES.items()
            ]
        if not sheet.customer_present:
            who = sheet.second if sheet.second_at else ""
            text = _("A second person has counted and signed.")
            rows.append(TickRow(0, "second", text, "PACK-11", bool(who), who))
    return [line._replace(digit=place) for place, line in enumerate(rows, 1)]


def _signed_by(sheet: Sheet, key: str, who: str) -> str:
    if key == "customer" and not sheet.customer_present:
        return _("The absent customer agrees to the return slip (by phone).")
    return _("Return slip signed by: {who}").format(who=_(who))


def _tick_word(row: TickRow) -> str:
    if row.key == RETURN_SLIP:
        return _("Show") if row.done else _("Print")
    return _("Sign") if row.key == "second" else _("Tick")


def every_word() -> tuple[str, ...]:
    """Return every word a key of the station ever shows, so that their letters have one size on every panel."""
    return (
        _("Present"), _("Absent"), _("Show"), _("Print"), _("Sign"), _("Tick"), _("Labels"), _("Count again"),
        pgettext("packing", "Finish"), _("Seal"), _("To the list"), _("Quantity"), _("Not wanted ×"), _("Faulty"),
        _("Undo"), _("New carton"), _("Weigh"), _("Check list"), _("Ask for help"),
    )  # fmt: skip


def keys(sheet: Sheet, line: LineRow | None, missing: str, *, checking: bool) -> list[Key]:
    """Return what the nine keys do now; ``missing`` says what finishing or sealing still needs."""
    blank = Key("")
    if sheet.state == "open":
        return [Key(_("Present")), Key(_("Absent"))]
    if checking:
        ticks = [Key(_tick_word(row)) for row in check_rows(sheet)] if sheet.state != "sealed" else []
        keys = [*ticks, *([blank] * (9 - len(ticks)))]
        if sheet.state in ("packed", "sealed"):
            keys[5] = Key(_("Labels"))
        if sheet.state == "packed":
            keys[6] = Key(_("Count again"))
        last = {"packing": pgettext("packing", "Finish"), "packed": _("Seal")}.get(sheet.state, _("To the list"))
        keys[8] = Key(last, not missing, missing)
        return keys
    open_line = line is not None and not line.full
    carton = sheet.carton
    return [
        Key(_("Quantity"), open_line, _("This line is complete.")),
        Key(_("Not wanted ×"), line is not None and bool(line.wanted), _("This line is crossed out.")),
        Key(_("Faulty"), line is not None and bool(line.wanted), _("This line is crossed out.")),
        Key(_("Undo"), sheet.packed > 0 or bool(line and line.crossed), _("Nothing is packed yet.")),
        Key(_("New carton"), carton is not None and carton.pieces > 0, _("The carton is still empty.")),
        Key(_("Weigh"), carton is not None),
        Key(_("Check list")),
        Key(_("Ask for help")),
        # what the check list still needs doesn't hold this key back: it opens the check list
        Key(pgettext("packing", "Finish"), not sheet.open_lines, missing),
    ]
