"""Whether the knowledge base can be served from just now, and if not, why."""

import os

import anyio
import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread
from sqlalchemy import event

from app.db import create_engine, file_of, identity, is_damaged, revision
from app.migrate import heads

SECONDS = 2
# Threads of its own, so that requests that take long do not make it wait.
THREADS = 4


class Readiness:
    """Looks at the database through a connection of its own, as a new request would."""

    def __init__(self, url: str, serving: sa.Engine) -> None:
        self._fresh = create_engine(url, existing=True, poolclass=sa.NullPool)
        self._path = file_of(serving)
        self._heads = heads()
        self._threads = CapacityLimiter(THREADS)
        self._damaged = False
        self._opened: tuple[int, int] | None = None
        event.listen(serving, "connect", self._note_file)
        event.listen(serving, "handle_error", self._note_damage)

    async def trouble(self) -> str | None:
        """What is wrong, in a sentence; waits for no more than a moment."""
        with anyio.move_on_after(SECONDS):
            return await to_thread.run_sync(
                self.look, limiter=self._threads, abandon_on_cancel=True
            )
        return "The database does not answer."

    def look(self) -> str | None:
        """What is wrong, in a sentence."""
        return self._file_trouble() or self._content_trouble()

    def _file_trouble(self) -> str | None:
        if self._path is None:
            return None
        now = identity(self._path)
        if now is None or now != (self._opened or now):
            return "The database file is no longer the one that was opened."
        if not (os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK)):
            return "The database file cannot be written to."
        return None

    def _content_trouble(self) -> str | None:
        if self._damaged:
            return "The database is damaged."
        try:
            with self._fresh.connect() as connection:
                found = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
                current = set(found.scalars()) == self._heads
                revision(connection)
        except sa.exc.SQLAlchemyError:
            return "The knowledge base cannot be read."
        return None if current else "The database's schema is not the one that this program needs."

    def _note_file(self, _connection: object, _record: object) -> None:
        # The first one counts: a later one would be of the file that took its place.
        if self._path is not None and self._opened is None:
            self._opened = identity(self._path)

    def _note_damage(self, context: sa.engine.ExceptionContext) -> None:
        self._damaged = self._damaged or is_damaged(context.original_exception)
