"""Reads the zip that holds a whole knowledge base, and refuses whatever is not exactly one.

Nothing of it is unpacked: its files are read where they stand, after the zip was found to hold
what its manifest says, uncompressed, in names and sizes that `communique export` writes.
"""

import hashlib
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from pydantic import ValidationError

from app.bundles.archive import (
    FOLDER,
    FORMAT,
    MANIFEST,
    MAX_ARCHIVE,
    MAX_FILES,
    PATH,
    VERSION,
    Manifest,
)
from seeds.reader import MAX_BYTES, BundleError, Folder, Problem

_END = struct.Struct("<4s8xI4xH")
"""What ends a zip: its mark, the size of its directory, and the length of a comment after it."""
_MARK = b"PK\x05\x06"
_LARGE = b"PK\x06\x07"
"""What stands before the end where the numbers are elsewhere, in as many bytes:"""
_LARGE_BYTES = 20
_LISTING_BYTES = 256
"""What the directory has for a file, at most."""

_NO_ARCHIVE = "a bundle is a folder, or a zip that `communique export` wrote"
_MANY = f"the archive has more than {MAX_FILES} files"

_ENCRYPTED = 0x1
_LISTED = 10
"""How many files of one kind are told."""


class Refused(Problem):
    """What is wrong with an archive: it has no lines."""

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[list[Folder]]:
    """The folders of bundles at some paths, each of which is one or is an archive of several.

    Raises BundleError where an archive is not what it should be.
    """
    with ExitStack() as stack:
        folders: list[Folder] = []
        for path in paths:
            folders += _bundles(path, stack) if path.is_file() else [path]
        yield folders


def _bundles(path: Path, stack: ExitStack) -> Iterator[Folder]:
    """The folders in an archive, which stays open until the stack is left."""
    _require_small(path)
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
        _require_plain(path, archive)
        _require_whole(path, archive)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, EOFError):
        _refuse(path, "the archive is damaged")
    folder = zipfile.Path(archive, f"{FOLDER}/")
    names = {match[1] for name in archive.namelist() if (match := PATH.fullmatch(name))}
    yield from (folder / f"{name}/" for name in sorted(names))


def _require_small(path: Path) -> None:
    """Look at the size, and at that of the directory, before the directory is read."""
    size = path.stat().st_size
    if size > MAX_ARCHIVE:
        _refuse(path, f"the archive has more than {MAX_ARCHIVE} bytes")
    with path.open("rb") as file:
        file.seek(max(0, size - _END.size - _LARGE_BYTES))
        tail = file.read()
    if len(tail) < _END.size:
        _refuse(path, _NO_ARCHIVE)
    mark, directory, comment = _END.unpack(tail[-_END.size :])
    if mark != _MARK or comment:
        _refuse(path, _NO_ARCHIVE)
    if directory > (MAX_FILES + 1) * _LISTING_BYTES or tail.startswith(_LARGE):
        _refuse(path, _MANY)


def _require_plain(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse an archive that has other files than those of bundles, or hides what they are."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES + 1:
        _refuse(path, _MANY)
    names = Counter(entry.filename for entry in entries)
    strange = [name for name in names if name != MANIFEST and not PATH.fullmatch(name)]
    _refuse_any(path, strange, "is no file of a bundle")
    _refuse_any(path, [name for name in names if names[name] > 1], "is there twice")
    packed = [
        entry.filename
        for entry in entries
        if entry.compress_type != zipfile.ZIP_STORED
        or entry.compress_size != entry.file_size
        or entry.flag_bits & _ENCRYPTED
    ]
    _refuse_any(path, packed, "is compressed or encrypted")
    large = [entry.filename for entry in entries if entry.file_size > MAX_BYTES]
    _refuse_any(path, large, f"has more than {MAX_BYTES} bytes")
    if entries and min(entry.header_offset for entry in entries) != 0:
        _refuse(path, "something stands before its files, or is missing there")
    # Files that share their bytes would be more than the archive is.
    if sum(entry.file_size for entry in entries) > path.stat().st_size:
        _refuse(path, "its files overlap")


def _require_whole(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse an archive whose files are not those that its manifest lists."""
    if MANIFEST not in archive.namelist():
        _refuse(path, f"{MANIFEST} is missing")
    try:
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    except ValidationError:
        _refuse(path, f"{MANIFEST} cannot be understood")
    if (manifest.format, manifest.version) != (FORMAT, VERSION):
        _refuse(path, f"it is not of version {VERSION}, which is what this program reads")
    listed = {each.path: each.sha256 for each in manifest.files}
    there = [name for name in archive.namelist() if name != MANIFEST]
    _refuse_any(path, sorted(listed.keys() - set(there)), "is missing")
    _refuse_any(path, [name for name in there if name not in listed], "is not in the manifest")
    changed = [name for name in there if _sha256(archive, name) != listed[name]]
    hint = "is not as it was exported: unpack the archive, and seed its folders"
    _refuse_any(path, changed, hint)


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    return hashlib.sha256(archive.read(name)).hexdigest()


def _refuse_any(path: Path, names: Sequence[str], what: str) -> None:
    """Refuse an archive for each of some files."""
    if names:
        problems = [Refused(str(path), 1, None, f"{name!a} {what}") for name in names[:_LISTED]]
        if (others := len(names) - _LISTED) > 0:
            problems.append(Refused(str(path), 1, None, f"and {others} more"))
        raise BundleError(problems)


def _refuse(path: Path, message: str) -> NoReturn:
    raise BundleError([Refused(str(path), 1, None, message)])
