"""Lets links ``crmdesk:call?number=…`` of browsers and telephone programs open this program, for this user only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from crmdesk.core.rings import SCHEME

DESKTOP_FILE = "crmdesk.desktop"


def command() -> list[str]:
    """Return the command that starts this very program: its script, the frozen build, or Python with the module."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    found = Path(sys.executable).with_name("crmdesk.exe" if sys.platform == "win32" else "crmdesk")
    return [str(found)] if found.exists() else [sys.executable, "-m", "crmdesk"]


def register_links() -> bool:
    """Register the links; False where a program can't do so by itself (macOS asks for a bundle)."""
    if sys.platform == "win32":
        return _in_registry()
    if sys.platform == "darwin":
        return False
    return _as_desktop_file()


def desktop_entry() -> str:
    """Return the text of the desktop file: what is started, and for which links."""
    words = " ".join(f'"{part}"' for part in command())
    lines = (
        "[Desktop Entry]", "Type=Application", "Name=CRM Desk", f"Exec={words} %u", "Terminal=false",
        "Categories=Office;", f"MimeType=x-scheme-handler/{SCHEME.rstrip(':')};",
    )  # fmt: skip
    return "\n".join(lines) + "\n"


def _as_desktop_file() -> bool:
    home = os.environ.get("XDG_DATA_HOME", "")
    folder = (Path(home) if home else Path.home() / ".local" / "share") / "applications"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DESKTOP_FILE).write_text(desktop_entry(), encoding="utf-8")
    if shutil.which("xdg-mime"):
        kind = f"x-scheme-handler/{SCHEME.rstrip(':')}"
        subprocess.run(["xdg-mime", "default", DESKTOP_FILE, kind], check=False, capture_output=True, timeout=20)
    return True


def _in_registry() -> bool:
    import winreg

    name = rf"Software\Classes\{SCHEME.rstrip(':')}"
    words = subprocess.list2cmdline([*command(), "%1"])
    keys = ((name, (("", "URL:CRM Desk"), ("URL Protocol", ""))), (rf"{name}\shell\open\command", (("", words),)))
    for key, values in keys:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:  # type: ignore[attr-defined]  # Windows only
            for value, text in values:
                winreg.SetValueEx(opened, value, 0, winreg.REG_SZ, text)  # type: ignore[attr-defined]  # Windows only
    return True
