"""Addresses of the office's data as people and settings know them; the password never stays in one.

Made for the first second of a start: nothing heavy is imported here, the database library least of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from crmdesk.core.errors import ValidationError
from crmdesk.core.i18n import _
from crmdesk.core.paths import user_data_dir

POSTGRES_PORT = 5432
FILE_NAME = "crmdesk.db"


@dataclass(frozen=True)
class ServerAddress:
    """Where the office's PostgreSQL server is found, as the set-up window asks for it."""

    host: str
    port: str = str(POSTGRES_PORT)
    database: str = "crmdesk"
    user: str = "crmdesk"

    def check(self) -> None:
        """Raise ValidationError with a sentence for each field that can't be right."""
        errors: dict[str, str] = {}
        if not self.host.strip():
            errors["host"] = _("Please enter the name or address of the server.")
        elif "/" in self.host or any(ch.isspace() for ch in self.host.strip()):
            errors["host"] = _("Only the name or address of the server, please, like office-db or 192.168.1.20.")
        if not self.port.strip().isdecimal() or not 0 < int(self.port) < 65536:
            errors["port"] = _("The port is a number between 1 and 65535, usually 5432.")
        if not self.database.strip():
            errors["database"] = _("Please enter the name of the database.")
        if not self.user.strip():
            errors["user"] = _("Please enter the user of the database.")
        if errors:
            raise ValidationError(errors)

    def url(self) -> str:
        """Return the address without a password."""
        user, database = quote(self.user.strip(), safe=""), quote(self.database.strip(), safe="")
        host = self.host.strip()
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return f"postgresql://{user}@{host}:{int(self.port)}/{database}"


def file_url(path: Path) -> str:
    """Return the address of a data file on this PC."""
    return "sqlite:///" + quote(path.as_posix(), safe="/:")


def default_url() -> str:
    """Return the address of the data file in the user's own data folder."""
    return file_url(user_data_dir() / FILE_NAME)


def is_server(url: str) -> bool:
    """Whether an address leads to a server rather than to a file on this PC."""
    return url.lower().startswith(("postgres", "postgresql"))


def file_of(url: str) -> Path | None:
    """Return the data file an address names; None for a server."""
    scheme, _separator, rest = url.partition("://")
    if not scheme.lower().startswith("sqlite") or not rest.startswith("/"):
        return None
    return Path(unquote(rest[1:].partition("?")[0]))


def password_of(url: str) -> str:
    """Return the password written in an address, '' if there is none."""
    return unquote(urlsplit(url).password or "") if is_server(url) else ""


def with_password(url: str, password: str) -> str:
    """Return a server's address with this password in the place of any other; '' takes it out."""
    if not is_server(url):
        return url
    parts = urlsplit(url)
    user = quote(unquote(parts.username or ""), safe="")
    place = parts.netloc.rpartition("@")[2]
    secret = f":{quote(password, safe='')}" if password else ""
    return urlunsplit(parts._replace(netloc=f"{user}{secret}@{place}" if user or secret else place))


def spoken_place(url: str) -> str:
    """Return where the data lies in a few words for the sign-in window and the status line."""
    if is_server(url):
        parts = urlsplit(url)
        return _("Office server {name}").format(name=parts.hostname or "localhost")
    return _("This PC")
