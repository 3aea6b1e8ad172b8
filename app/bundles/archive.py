"""The file that holds bundles: a zip whose bytes follow from what is in it and nothing else."""

import hashlib
import re
import zipfile
from collections.abc import Mapping
from typing import IO, Self

from pydantic import BaseModel, ConfigDict

FORMAT = "communique-bundles"
VERSION = 1
MANIFEST = "manifest.json"
FOLDER = "bundles"
PATH = re.compile(rf"{FOLDER}/([a-z0-9]+(?:-[a-z0-9]+)*)/[a-z]+(?:_[0-9]{{4}})?\.yaml")
"""Where a file of a bundle stands; the group is the bundle's name."""

MAX_FILES = 20_000
MAX_CONTENT = 2**30
MAX_ARCHIVE = MAX_CONTENT + 2**24
"""What the files may have together, in bytes, and with it the manifest and the zip's directory."""

_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16


class UntellableError(Exception):
    """The knowledge base cannot be told whole; the message says why and what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class File(_Part):
    """A file of a bundle."""

    path: str
    bytes: int
    sha256: str


class Manifest(_Part):
    """What an archive holds."""

    format: str
    version: int
    records: dict[str, int]
    """How many records the knowledge base has in each collection, evidence included."""
    files: list[File]


class Archive:
    """A zip in the making. Its files are not compressed: compressors differ, and so would it.

    As a context it ends the zip; one that was left by an error is good for nothing.
    """

    def __init__(self, file: IO[bytes]) -> None:
        if not file.seekable():
            raise ValueError("a zip is written to a file that can be sought in")
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._files: list[File] = []
        self._content = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, path: str, text: str) -> None:
        """Write one file. Raises UntellableError where it is more than an archive may hold."""
        data = text.encode()
        self._content += len(data)
        if len(self._files) == MAX_FILES or self._content > MAX_CONTENT:
            raise UntellableError(
                f"The bundles are more than an archive holds: {MAX_FILES} files, "
                f"{MAX_CONTENT} bytes. Copy the database instead."
            )
        self._write(path, data)
        digest = hashlib.sha256(data).hexdigest()
        self._files.append(File(path=path, bytes=len(data), sha256=digest))

    def finish(self, records: Mapping[str, int]) -> Manifest:
        """Write, after all files, what they are."""
        manifest = Manifest(
            format=FORMAT, version=VERSION, records=dict(records), files=self._files
        )
        self._write(MANIFEST, f"{manifest.model_dump_json(indent=1)}\n".encode())
        return manifest

    def _write(self, path: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(path, _TIME)
        entry.create_system, entry.external_attr = _UNIX, _MODE
        self._zip.writestr(entry, data)
