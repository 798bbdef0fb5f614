"""Where things lie: resources shipped with the program, and the user's own folders on Linux, Windows and macOS."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import platformdirs

APP = "crmdesk"


@cache  # asked for every icon; each answer would look at the disk
def program_root() -> Path:
    """Return the folder of ``resources`` and ``translations``: the source tree, the wheel or the frozen build."""
    bundled = getattr(sys, "_MEIPASS", None)
    if bundled:
        return Path(bundled)
    source_tree = Path(__file__).resolve().parents[2]
    if (source_tree / "resources").is_dir():
        return source_tree
    return Path(sys.prefix) / "share" / APP


def resource(*parts: str) -> Path:
    """Return the path of a shipped file below ``resources``."""
    return program_root().joinpath("resources", *parts)


def translations_dir() -> Path:
    """Return the folder of the gettext catalogues."""
    return program_root() / "translations"


def _home(kind: str, default: str) -> Path:
    """One environment variable moves all of the user's folders (a second office on one PC, the tests)."""
    root = os.environ.get("CRMDESK_HOME")
    path = Path(root) / kind if root else Path(default)
    path.mkdir(parents=True, exist_ok=True)
    return path


def user_data_dir() -> Path:
    """Return the folder of the office's data on this PC."""
    return _home("data", platformdirs.user_data_dir(APP, appauthor=False))


def user_config_dir() -> Path:
    """Return the folder of this PC's settings."""
    return _home("config", platformdirs.user_config_dir(APP, appauthor=False))


def user_log_dir() -> Path:
    """Return the folder of the program's log files."""
    return _home("log", platformdirs.user_log_dir(APP, appauthor=False))


def user_runtime_dir() -> Path:
    """Return the folder of what lives as long as the program does: the door other starts of it knock at."""
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    default = Path(session, APP) if session else Path(platformdirs.user_cache_dir(APP, appauthor=False), "run")
    path = _home("run", str(default))
    path.chmod(0o700)
    return path
