"""Making the files: a few at a time, each by one thread, for all who ask for it."""

import asyncio
import io
import logging
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from anyio import CapacityLimiter, to_thread

from app.errors import ExportFailed, TooManyExports, Unavailable
from app.exports.shelf import RETRY, File, Key, Shelf
from app.settings import Settings

BLOCK = 1 << 18
BUSY = {"Retry-After": "5"}
PATIENCE = 2.0
"""How many seconds a request waits for a place, so that several small files may be asked for."""
log = logging.getLogger("communique")

Make = Callable[[BinaryIO], tuple[str, int]]
"""Writes a file; tells of which state of the data it is and how many records it holds."""


class Draft(io.FileIO):
    """A file that is being written, as long as it may be."""

    def __init__(self, path: Path, shelf: Shelf, check: Callable[[], None]) -> None:
        super().__init__(path, "xb")
        self._shelf, self._check = shelf, check
        self.taken = 0

    def write(self, data: Any) -> int:
        """Write a block. Raises ApiError where the file must not be finished."""
        self._check()
        size = len(memoryview(data))
        self._shelf.take(size)
        self.taken += size
        return super().write(data)


class Exports:
    """The files of one process, asked for in its event loop."""

    def __init__(self, settings: Settings, folder: Path | None) -> None:
        self.folder = folder
        self.shelf = Shelf(settings.exports_bytes)
        self._at_once, self._seconds = settings.exports_at_once, settings.exports_seconds
        # Apart from the threads of requests, which wait for none of these.
        self._limiter = CapacityLimiter(settings.exports_at_once)
        self._making: dict[Key, asyncio.Task[File]] = {}
        self._stopping = threading.Event()
        self._names = count(1)

    async def opened(self, key: Key, make: Make) -> tuple[File, io.FileIO]:
        """A file, and itself open, once it is made; what goes wrong is raised."""
        self.shelf.keep_only(key.state)
        while True:
            file = self.shelf.find(key) or await self._made(key, make)
            try:
                return file, file.open()
            except FileNotFoundError:
                # Others came first for its room, or somebody tidied up.
                self.shelf.remove(key)

    async def stop(self) -> None:
        """Give up what is being made."""
        self._stopping.set()
        await asyncio.gather(*self._making.values(), return_exceptions=True)

    async def _made(self, key: Key, make: Make) -> File:
        ends = time.monotonic() + PATIENCE
        while key not in self._making and len(self._making) >= self._at_once:
            left = ends - time.monotonic()
            if left <= 0:
                detail = f"This server makes {self._at_once} exports at a time."
                raise TooManyExports(detail, headers=BUSY)
            tasks = self._making.values()
            await asyncio.wait(tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        # Others who waited may have made it.
        if (found := self.shelf.find(key)) is not None:
            return found
        if key not in self._making:
            task = asyncio.create_task(self._make(key, make))
            self._making[key] = task
            task.add_done_callback(partial(self._done, key))
        # Whoever goes away leaves the others waiting for it, and comes back to a file.
        return await asyncio.shield(self._making[key])

    def _done(self, key: Key, task: asyncio.Task[File]) -> None:
        del self._making[key]
        if not task.cancelled():
            # That it failed is known, also where nobody waits for it any longer.
            task.exception()

    async def _make(self, key: Key, make: Make) -> File:
        return await to_thread.run_sync(self._write, key, make, limiter=self._limiter)

    def _write(self, key: Key, make: Make) -> File:
        if self.folder is None:
            raise ExportFailed("This server has no folder to write exports in.", headers=RETRY)
        path = self.folder / str(next(self._names))
        ends = time.monotonic() + self._seconds
        draft: Draft | None = None
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            draft = Draft(path, self.shelf, partial(self._check, ends))
            with io.BufferedWriter(draft, BLOCK) as file:
                state, records = make(file)
            made = File(path, state, path.stat().st_size, records)
            # What was written over is counted twice.
            self.shelf.give_back(draft.taken - made.size)
        except BaseException as raised:
            with suppress(OSError):
                path.unlink()
            if draft is not None:
                self.shelf.give_back(draft.taken)
            if not isinstance(raised, OSError):
                raise
            log.warning("export failed", extra={"reason": type(raised).__name__})
            raise ExportFailed("The file cannot be written.", headers=RETRY) from raised
        self.shelf.put(Key(state, key.path, key.query, key.language), made)
        return made

    def _check(self, ends: float) -> None:
        if self._stopping.is_set():
            raise Unavailable("This server is stopping.", headers=BUSY)
        if time.monotonic() > ends:
            detail = f"It takes longer than {self._seconds:g} seconds. Ask for less of it."
            raise ExportFailed(detail, headers=RETRY)


@asynccontextmanager
async def exports(settings: Settings) -> AsyncIterator[Exports]:
    """What makes and keeps files in a folder of its own, which is gone at the end."""
    with ExitStack() as stack:
        folder = None
        try:
            folder = Path(stack.enter_context(_folder(settings.exports_folder)))
        except OSError as error:
            # All else can be answered without.
            log.warning("no exports", extra={"reason": type(error).__name__})
        made = Exports(settings, folder)
        try:
            yield made
        finally:
            await made.stop()


def _folder(parent: Path | None) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(
        prefix="communique-exports-", dir=parent, ignore_cleanup_errors=True
    )
