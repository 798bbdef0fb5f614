"""This PC's settings: one dataclass, written atomically as JSON; the office's own settings live in the database."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _

STATIONS = {"reception": N_("Reception"), "packing": N_("Packing station"), "manager": N_("Manager")}


@dataclass
class PaperSetting:
    """How one kind of paper leaves this PC: printer, tray, copies and offset (tenths of a millimetre)."""

    printer: str = ""
    tray: str = ""
    copies: int = 1
    offset_x: int = 0
    offset_y: int = 0


@dataclass
class Settings:
    """Settings of this PC; each field has a default that works."""

    language: str = "zh_TW"  # language of the screens
    station: str = "reception"  # which of the three PCs this is: reception, packing, manager
    station_name: str = ""  # name shown in the status line and kept in the history; empty: the kind's name
    database_url: str = ""  # empty: the SQLite file in the user's data folder
    theme: str = "system"  # system, light or dark
    scale: int = 100  # size of the screens in percent, 90–150
    lock_after_minutes: int = 10  # idle minutes until the screen locks; 0 never
    sounds: bool = True  # tones at packing and for the ring
    papers: dict[str, PaperSetting] = field(default_factory=dict)  # paper kind -> how it is printed here
    windows: dict[str, Any] = field(default_factory=dict)  # geometry and columns, per user

    @property
    def configured(self) -> bool:
        """Whether the first start has been gone through on this PC."""
        return bool(self.windows.get("configured"))

    def paper(self, kind: str) -> PaperSetting:
        """Return how a kind of paper is printed on this PC."""
        return self.papers.get(kind) or PaperSetting()


def load_settings(path: Path) -> Settings:
    """Read the settings of this PC; missing file: defaults; UserError if the file is damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        raise UserError(
            _("The settings file of this PC can't be read ({file}). Rename it and start again.").format(file=path)
        ) from error
    known = {f.name for f in dataclasses.fields(Settings)}
    values = {key: value for key, value in raw.items() if key in known} if isinstance(raw, dict) else {}
    papers = values.get("papers", {})
    values["papers"] = {kind: PaperSetting(**value) for kind, value in papers.items()}
    return Settings(**values)


def save_settings(settings: Settings, path: Path) -> None:
    """Write the settings whole or not at all: a new file beside the old one, then one rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dataclasses.asdict(settings), ensure_ascii=False, indent=2)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
