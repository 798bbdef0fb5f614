"""The steps of counting a slip: each asks the service, shows what became of it, and says what was refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from crmdesk.core.errors import ConflictError, CrmError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import half_width
from crmdesk.services import packing
from crmdesk.services.packing import LineRow, Sheet
from crmdesk.services.papers import find_papers
from crmdesk.services.staff import find_staff
from crmdesk.ui import errors, sounds
from crmdesk.ui.packing import words
from crmdesk.ui.packing.station import Station
from crmdesk.ui.page import Page
from crmdesk.ui.papers import preview
from crmdesk.ui.sounds import Tone

_RELOADED = N_("A colleague packed at another station. The slip is up to date now; please scan again.")


class PackingSteps(Page):
    """Half of the packing page: what its keys do. ``sheet`` is the slip as shown, ``station`` shows it."""

    sheet: Sheet | None
    station: Station
    _chosen: int | None
    _question: Callable[[int], Any] | None
    _working: bool
    _called = False

    @property
    def line(self) -> LineRow | None:
        """The line in hand: the one chosen, else the one being packed."""
        if self.sheet is None:
            return None
        return self.sheet.line(self._chosen) or self.sheet.current

    def _home(self) -> None:
        raise NotImplementedError

    def _reload(self) -> None:
        raise NotImplementedError

    def _show(self) -> None:
        raise NotImplementedError

    def _missing(self, sheet: Sheet) -> str:
        """Return the first thing that finishing or sealing still needs, '' when nothing does."""
        action = {"packing": "finish", "packed": "seal"}.get(sheet.state, "")
        steps = packing.allowed_steps(self.ctx, sheet)
        missing = next((step.missing for step in steps if step.action == action), ())
        if missing and sheet.state == "packing" and sheet.open_lines:
            return words.open_lines(sheet.open_lines)
        return missing[0] if missing else ""

    def _acknowledge(self) -> None:
        if self.sheet is not None and self.sheet.pending is not None:
            self._do(packing.acknowledge, self.sheet.pending.id)

    def _wanted(self) -> None:
        if self.sheet is not None and self.sheet.pending is not None:
            self._do(packing.acknowledge, self.sheet.pending.id, wanted=True)
            self.say(_("Noted. The sales desk writes it on another slip."), "info")

    def _call(self) -> None:
        if self.sheet is not None and self.sheet.packing_id is not None:
            self._sound(Tone.RING)
            try:
                packing.call_help(self.ctx, self.sheet.packing_id)
            except CrmError as error:
                errors.show_error(self, error)
                return
            self._called = True
            self.say(_("The supervisor is called: it shows on the manager's screen."), "info")

    def _hear_answer(self) -> None:
        """Say who comes, once somebody answered the call of this station."""
        if self._called and self.sheet is not None and self.sheet.packing_id is not None:
            name = packing.find_answer(self.ctx, self.sheet.packing_id)
            if name:
                self._called = False
                self.say(_("{name} is coming.").format(name=name), "ok")

    def _start(self, present: bool) -> None:
        assert self.sheet is not None
        self._working = True
        try:
            packing.start(self.ctx, self.sheet.sale_id, customer_present=present)
        except CrmError as error:
            errors.show_error(self, error)
        finally:
            self._working = False
        self._reload()
        self.saved.emit()

    def _do(self, work: Callable[..., Any], *values: Any, **more: Any) -> Any:
        """Run a step of the service on the slip as shown and show what became of it; None when it was refused."""
        sheet = self.sheet
        assert sheet is not None
        result: Any = None
        self._working = True
        try:
            result = work(self.ctx, sheet.packing_id, sheet.version, *values, **more)
            result = True if result is None else result
        except ConflictError:
            self.say(_(_RELOADED), "warning")
        except ValidationError as error:
            if self.station.stack.currentWidget() is self.station.number:
                self.station.number.say(error.message)
                return None
            errors.show_error(self, error)
        except CrmError as error:
            errors.show_error(self, error)
        finally:
            self._working = False
        self._reload()
        if result is not None:
            self.saved.emit()
        return result

    def _ask(self, answer: Callable[[int], Any], title: str, note: str, unit: str, value: str) -> None:
        self._question = answer
        self.station.show_panel(self.station.number)
        self.station.number.ask(title, note, unit, value)
        self.station.show_keys([])

    def _ask_weight(self, sheet: Sheet) -> None:
        carton = sheet.carton
        if carton is not None:
            title = _("What does carton {number} weigh?").format(number=carton.position)
            known = f"{Decimal(carton.weight_g) / 1000:.1f}" if carton.weight_g else ""
            self._ask(self._weigh, title, "", "kg", known)

    def _number_entered(self, text: str) -> None:
        question = self._question
        if question is None or self.sheet is None:
            return
        try:
            number = Decimal(half_width(text).replace(",", "."))
            value = int((number * 1000).to_integral_value()) if question == self._weigh else int(number)
            if question != self._weigh and value != number:
                raise InvalidOperation
        except (InvalidOperation, ValueError, OverflowError):
            self.station.number.say(_("Please enter a number."))
            return
        if question(value) is not None and self.station.stack.currentWidget() is self.station.number:
            self._home()

    def _count(self, quantity: int) -> Any:
        line = self.line
        outcome = self._do(packing.count_line, line.id, quantity) if line is not None else None
        if outcome is not None:
            self._chosen = None
            self._sound(Tone.RIGHT)
        return outcome

    def _cross_unwanted(self, quantity: int) -> Any:
        return self._cross(quantity, "unwanted")

    def _cross_faulty(self, quantity: int) -> Any:
        return self._cross(quantity, "faulty")

    def _cross(self, quantity: int, reason: str) -> Any:
        line = self.line
        return self._do(packing.cross_line, line.id, quantity, reason=reason) if line is not None else None

    def _weigh(self, grams: int) -> Any:
        assert self.sheet is not None
        carton = self.sheet.carton
        return self._do(packing.weigh_carton, carton.id, grams) if carton is not None else None

    def _undo(self, line: LineRow | None) -> None:
        """Take the × of the chosen line back, else the last piece out."""
        if line is not None and line.crossed and self._chosen == line.id:
            self._do(packing.uncross_line, line.id)
            return
        self._chosen = None
        self._do(packing.undo_scan)

    def _open_check(self) -> None:
        self.station.show_panel(self.station.check)
        self._show()

    def _tick(self, digit: int) -> None:
        sheet = self.sheet
        if sheet is None or sheet.state not in ("packing", "packed"):
            return
        found = next((line for line in words.check_rows(sheet) if line.digit == digit), None)
        if found is None:
            return
        if found.key == "second":
            self._ask_second(sheet)
        elif found.key == words.RETURN_SLIP:
            self._print_return(sheet)
        else:
            self._do(packing.tick, found.key, not found.done)

    def _print_return(self, sheet: Sheet) -> None:
        """Print the return slip, or show it again once it is printed."""
        assert sheet.packing_id is not None
        paper = packing.find_return_slip(self.ctx, sheet.packing_id)
        if paper is not None:
            preview.show_papers(self, self.ctx, [paper])
            return
        paper = self._do(packing.print_return)
        if paper:
            preview.print_now(self, self.ctx, [paper])

    def _ask_second(self, sheet: Sheet) -> None:
        if sheet.open_lines:
            self.say(_("Both sign after counting: not every line is counted yet."), "warning")
            return
        people = [(member.login, member.name) for member in find_staff(self.ctx) if member.id != sheet.counter_id]
        self.station.show_panel(self.station.second)
        self.station.second.ask(people, sheet.counter)
        self.station.show_keys([])

    def _second_signed(self, login: str, password: str) -> None:
        sheet = self.sheet
        if sheet is None or sheet.packing_id is None:
            return
        self._working = True
        try:
            packing.sign_second(self.ctx, sheet.packing_id, sheet.version, login=login, password=password)
        except CrmError as error:
            self.station.second.say(error.message)
            return
        finally:
            self._working = False
        self.station.show_panel(self.station.check)
        self._reload()

    def _finish(self, sheet: Sheet) -> None:
        """Finish or seal; while something of the check list is missing, open it instead."""
        if self._missing(sheet):
            self._open_check()  # its last line says what is missing
            return
        if sheet.state == "packed":
            self._do(packing.seal)
            return
        papers = self._do(packing.finish)
        if papers:
            preview.print_now(self, self.ctx, list(papers))

    def _print_labels(self) -> None:
        if self.sheet is not None and self.sheet.packing_id is not None:
            labels = [paper.id for paper in find_papers(self.ctx, "packing", self.sheet.packing_id)]
            if labels:
                preview.show_papers(self, self.ctx, labels)

    def _sound(self, tone: Tone) -> None:
        sounds.play(self.ctx.settings, tone)

    def _sound_alarm(self) -> None:
        self._sound(Tone.WRONG)
