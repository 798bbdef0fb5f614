"""The proof that an installation works: a new office, one slip as PDF, the main window, and out again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QApplication

from crmdesk.app import Program, make_application
from crmdesk.core import address
from crmdesk.core.clock import SystemClock
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _, language
from crmdesk.core.paths import user_data_dir
from crmdesk.core.settings import Settings
from crmdesk.printing import documents, sales_slip
from crmdesk.services import setup
from crmdesk.ui import language as language_switch
from crmdesk.ui import theme

PASSWORD = "smoke-test-only"
SECONDS = 60


def run_smoke(say: Callable[[str], None]) -> int:
    """Go through start, new database, slip, sign-in, every desk, quit; raises CrmError or whatever broke."""
    clock, settings = SystemClock(), Settings(language=language())
    db = setup.open_database(address.default_url(), clock, create=True)
    form = setup.SetupForm(settings.language, "天竺工坊", "TWD", "reception", "", "boss", "林經理", PASSWORD)
    setup.create_office(db, settings, clock, form)
    db.close()
    settings.windows["configured"] = True
    say(_("New database: {path}").format(path=address.file_of(address.default_url())))
    path = _render_slip(clock)
    say(_("Sales slip: {path}, {size} bytes").format(path=path.name, size=path.stat().st_size))
    app = make_application()
    language_switch.switch(app, settings.language)
    theme.apply(app, dark=False)
    program = Program(app, settings, clock)
    try:
        program.start()
        _wait(app, lambda: bool(program.login.sign_in.tiles.people()))
        program.login.sign_in.password.setText(PASSWORD)
        program.login.sign_in.enter.click()
        _wait(app, lambda: program.window is not None and program.window.isVisible())
        desks = program.window.keys()
        for key in desks:
            program.window.show_page(key)
            app.processEvents()
        say(_("Desks opened: {names}").format(names=", ".join(desks)))
    finally:
        program.close()
    say(_("Everything is in order."))
    return 0


def _render_slip(clock: SystemClock) -> Path:
    line = documents.SlipLine("B-2201", "925 細鍊手鍊 李𠮷堃", Decimal(2), "條", Decimal(320), Decimal(640))
    slip = documents.SalesSlip(
        documents.Office("天竺工坊"), "2026-000001", clock.local(clock.now()), "陳李美鳳", (line,),
        subtotal=Decimal(640), due=Decimal(640), received=Decimal(640),
    )  # fmt: skip
    path = user_data_dir() / "slip.pdf"
    path.write_bytes(sales_slip.render(slip))
    return path


def _wait(app: QApplication, ready: Callable[[], bool]) -> None:
    end = time.monotonic() + timedelta(seconds=SECONDS).total_seconds()
    while not ready():
        if time.monotonic() > end:
            raise UserError(_("The program did not answer within {count} seconds.").format(count=SECONDS))
        app.processEvents()
        time.sleep(0.01)
