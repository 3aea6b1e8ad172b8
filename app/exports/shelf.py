"""The files that are kept, within a number of bytes: those asked for longest ago go first."""

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from app.errors import ExportFailed

FILES_AT_MOST = 1000
RETRY = {"Retry-After": "60"}


@dataclass(frozen=True)
class Key:
    """What a file is a function of."""

    state: str
    """The database and its revision."""
    path: str
    query: str
    language: str


@dataclass(frozen=True)
class File:
    """One that was made. Who has it open can read it to its end, whatever becomes of its name."""

    path: Path
    state: str
    size: int
    records: int

    def open(self) -> FileIO:
        """Open it to be read. Raises FileNotFoundError where it was removed."""
        return FileIO(self.path)


class Shelf:
    """Files by what they are a function of. Threads may use it at the same time."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.taken = 0
        self._files: OrderedDict[Key, File] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Key) -> File | None:
        """The file, which is thereby the last one that was asked for."""
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
            return self._files.get(key)

    def put(self, key: Key, file: File) -> None:
        """Keep a file, of which the bytes were taken while it was written."""
        with self._lock:
            self._remove(key)
            self._files[key] = file
            while len(self._files) > FILES_AT_MOST:
                self._remove(next(iter(self._files)))

    def remove(self, key: Key) -> None:
        """Keep a file no longer."""
        with self._lock:
            self._remove(key)

    def keep_only(self, state: str) -> None:
        """Keep no file that was made of another state of the data."""
        with self._lock:
            for key in [key for key in self._files if key.state != state]:
                self._remove(key)

    def take(self, size: int) -> None:
        """Make room for bytes that are to be written. Raises ExportFailed where there is none."""
        with self._lock:
            while self.taken + size > self.most_bytes and self._files:
                self._remove(next(iter(self._files)))
            if self.taken + size > self.most_bytes:
                raise ExportFailed("This server has no room for so large a file.", headers=RETRY)
            self.taken += size

    def give_back(self, size: int) -> None:
        """Say that bytes that were taken are free again."""
        with self._lock:
            self.taken -= size

    def _remove(self, key: Key) -> None:
        file = self._files.pop(key, None)
        if file is not None:
            self.taken -= file.size
            with suppress(OSError):
                file.path.unlink()
