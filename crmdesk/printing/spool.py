"""Hand a finished PDF to a printer: through CUPS on Linux and macOS; Windows prints through Qt (``ui.printing``)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _

SECONDS = 20


@dataclass(frozen=True)
class SpoolOptions:
    """How a paper leaves: copies, tray, and the printer's own name of the page size ("" = its default)."""

    copies: int = 1
    tray: str = ""
    page_size: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def available() -> bool:
    """Whether this PC prints through CUPS."""
    return sys.platform != "win32" and shutil.which("lp") is not None


def printers() -> list[str]:
    """Return the names of the printers CUPS knows; none when there is no CUPS or it does not answer."""
    if not available() or shutil.which("lpstat") is None:
        return []
    try:
        answer = subprocess.run(["lpstat", "-e"], capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return []
    return [line.strip() for line in answer.stdout.splitlines() if line.strip()]


def send(pdf: Path, printer: str, title: str, options: SpoolOptions | None = None) -> None:
    """Give a PDF file to a printer; UserError says why when the printer does not take it.

    The PDF goes as it is, so lines and codes stay sharp and the tray reaches the printer.
    """
    chosen = options or SpoolOptions()
    command = ["lp", "-d", printer, "-t", title, "-n", str(chosen.copies)]
    settings = dict(chosen.extra)
    if chosen.copies > 1:
        settings["collate"] = "true"
    if chosen.tray:
        settings["InputSlot"] = chosen.tray
    if chosen.page_size:
        settings["PageSize"] = chosen.page_size
    for name, value in settings.items():
        command += ["-o", f"{name}={value}"]
    try:
        answer = subprocess.run(
            [*command, "--", str(pdf)], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(
            _("The printer {printer} does not answer. The paper waits; please try again.").format(printer=printer)
        ) from error
    if answer.returncode:
        raise UserError(
            _("The printer {printer} did not take the paper. It waits; please check the printer and try again.").format(
                printer=printer
            )
        )
