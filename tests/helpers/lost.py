"""The answer to a COMMIT that gets lost: it is done, and nobody hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmdesk.core.errors import ConnectionLost
from crmdesk.services.context import Context


def lose_the_answer(ctx: Context, cut: Callable[[Any], None] | None = None) -> None:
    """Cut the line right after the next COMMIT: ``cut(connection)`` for real, else ConnectionLost is planted."""
    dialect = ctx.db.engine.dialect
    commit = dialect.do_commit

    def commit_and_cut(connection: Any) -> None:
        dialect.do_commit = commit  # type: ignore[method-assign]  # put back by what this returns
        commit(connection)
        if cut is None:
            raise ConnectionLost
        cut(connection)

    dialect.do_commit = commit_and_cut  # type: ignore[method-assign]  # put back by what this returns
