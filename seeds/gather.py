"""What bundles tell, read from their folders and validated entry by entry."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from app.models import Basis, Collection
from seeds import records as r
from seeds.problems import explain, listed, near
from seeds.reader import HEADER, Bundle, BundleError, Entry, Folder, Problem, read_bundle
from seeds.told import Address, Place, Told


class Header(r.Part):
    """What bundle.yaml says of a bundle."""

    bundle: r.Key
    """The bundle's name."""
    basis: Basis
    """Whether it tells what sources say, or reference knowledge."""
    title: r.Line | None = None
    description: r.Prose | None = None
    license: r.Line | None = None
    """The licence of the data."""
    attribution: list[r.Line] = Field(default=[])
    """Whom to name, and where the data are from."""


@dataclass(slots=True)
class Gathered:
    """One bundle: its name, basis, digest of its files, and all that it tells."""

    name: str
    basis: Basis
    sha256: str
    header: dict[str, Any]
    """What else it says of itself, such as its licence."""
    told: list[Told] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """What does not fit the records of the format."""
    broken: set[Address] = field(default_factory=set)
    """The records that it concerns."""


def gather(folders: Sequence[Folder]) -> list[Gathered]:
    """Read bundles. Raises BundleError where files cannot be read at all."""
    problems: list[Problem] = []
    gathered: dict[str, Gathered] = {}
    for folder in folders:
        try:
            found = _gather(folder)
        except BundleError as error:
            problems += (_placed(problem, folder) for problem in error.problems)
            continue
        if gathered.setdefault(found.name, found) is not found:
            problems.append(Problem(shown(folder, HEADER), 1, None, _twice(found.name)))
    if problems:
        raise BundleError(problems)
    return list(gathered.values())


def shown(folder: Folder, file: str) -> str:
    """A file's path for people: from the working directory where it is below it."""
    path, here = Path(str(folder / file)).resolve(), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _twice(name: str) -> str:
    return f"another of the bundles is also named {name!r}"


def _placed(problem: Problem, folder: Folder) -> Problem:
    return replace(problem, file=shown(folder, problem.file))


def _gather(folder: Folder) -> Gathered:
    bundle = read_bundle(folder)
    try:
        header = Header.model_validate(bundle.header)
    except ValidationError as error:
        found = [Problem(HEADER, 1, None, message) for _, message in explain(error, Header)]
        raise BundleError(found) from None
    more = header.model_dump(exclude={"bundle", "basis"}, exclude_unset=True, exclude_none=True)
    gathered = Gathered(header.bundle, header.basis, _digest(bundle), more)
    files = {file: shown(folder, file) for file in bundle.texts}
    for entry in bundle.entries:
        _hear(gathered, entry, Place(files[entry.file], entry.line, entry.spans))
    return gathered


def _hear(gathered: Gathered, entry: Entry, place: Place) -> None:
    """Take in one entry, or what does not fit in it."""
    if entry.collection not in r.RECORDS:
        hint = near(entry.collection, r.RECORDS)
        message = f"{entry.collection!r} is none of the collections {listed(r.RECORDS)}{hint}"
        gathered.problems.append(Problem(place.file, place.line, None, message))
        return
    collection = Collection(entry.collection)
    told = Told(gathered.name, gathered.basis, collection, entry.data["key"], {}, place)
    model = r.supplement(r.RECORDS[collection])
    try:
        record = model.model_validate(entry.data)
    except ValidationError as error:
        gathered.problems += (told.problem(text, path) for path, text in explain(error, model))
        gathered.broken.add((collection, told.key))
        return
    content = record.model_dump(mode="json", exclude={"key"}, exclude_unset=True, exclude_none=True)
    gathered.told.append(replace(told, content=content))


_FOLDING = ("han", "sequences", "terms")
"""Modules that say under which keys a text is kept, as those of names do."""


@cache
def _program() -> bytes:
    """A digest of the code that makes records of bundles, so that a newer program seeds anew."""
    here = Path(__file__).parent
    app = here.parent / "app"
    beside = [app / "models.py", *(app / "query" / f"{name}.py" for name in _FOLDING)]
    digest = hashlib.sha256()
    for path in (*sorted(here.glob("*.py")), *beside, *sorted((app / "names").glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.digest()


def _digest(bundle: Bundle) -> str:
    """Of a bundle's files, and of the program."""
    digest = hashlib.sha256(_program())
    for name, text in sorted(bundle.texts.items()):
        digest.update(f"{len(name)} {name} {len(text)} {text}".encode())
    return digest.hexdigest()
