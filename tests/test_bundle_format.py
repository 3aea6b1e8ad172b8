"""The bundle format: its page tells the truth, and its schema is that of the records."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from conftest import Databases
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from sqlmodel import SQLModel, select

from app import models as m
from app.db import create_engine, read
from app.models import Collection
from seeds import records as r
from seeds.check import REFERS, TARGETS
from seeds.gather import gather
from seeds.load import FOLDERS, seed
from seeds.reader import read_bundle
from seeds.schema import json_schema, text
from seeds.seal import SealReport, seal
from seeds.store import MAIN, OWNERS
from seeds.text import Text
from seeds.verify import citations, verify

DOCS = Path(__file__).parent.parent / "docs"
FENCE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The files of the documentation's example."""
    for name, content in FENCE.findall((DOCS / "bundle.md").read_text(encoding="utf-8")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


@cache
def validator(name: str) -> Draft202012Validator:
    schema = json_schema()
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})


def as_files(folder: Path) -> Iterator[dict[str, Any]]:
    """A bundle's records, as a file holds them."""
    for entry in read_bundle(folder).entries:
        yield {entry.collection: [entry.data]}


def test_the_schema_is_in_step() -> None:
    Draft202012Validator.check_schema(json_schema())
    committed = (DOCS / "bundle.schema.json").read_text(encoding="utf-8")
    assert committed == text(), "run: python -m seeds.schema > docs/bundle.schema.json"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_schema_allows_the_bundles_of_the_program(folder: Path) -> None:
    for records in as_files(folder):
        validator("Supplements").validate(records)
    validator("Bundle").validate(read_bundle(folder).header)


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    valid = validator("Supplements").is_valid
    assert valid({"topics": [{"key": "a-b", "name": "A"}]})
    assert not valid({"topics": [{"key": "A b", "name": "A"}]})
    assert not valid({"topics": [{"name": "A"}]})
    assert not valid({"wars": []})


def test_the_example_is_sealed_and_seeded(
    example: Path, databases: Databases, migrated: str
) -> None:
    for folder, kind in (("lake", "Records"), ("lore", "Supplements")):
        for records in as_files(example / folder):
            validator(kind).validate(records)
    texts = {"gazette": example / "gazette.txt"}
    assert seal(example / "lake", texts) == SealReport(7, ("gazette.yaml",))
    for records in as_files(example / "lake"):
        validator("Records").validate(records)
    cited = citations(read_bundle(example / "lake"), "gazette")
    report = verify(list(cited), Text.read(texts["gazette"]))
    assert (report.ok, report.uncited) == (True, ())
    url = databases.copy(migrated)
    engine = create_engine(url)
    assert seed(engine, [example / "lake", example / "lore"]).created == 17
    with read(engine) as session:
        meeting = session.exec(select(m.Meeting)).one()
        assert (meeting.date_edtf, meeting.date_as_written) == ("2030-05-02", "May 2")
        ordinal = session.exec(select(m.Evidence).where(m.Evidence.part == "ordinal")).one()
        place = (ordinal.start_code_point, ordinal.end_code_point, ordinal.sha256[:2])
    engine.dispose()
    page = (DOCS / "bundle.md").read_text(encoding="utf-8")
    start, end, digest = place
    assert f"start: {[start] * 3}, end: {[end] * 3}, sha256: {digest}…" in page


def test_every_reference_is_checked() -> None:
    """Each field that holds keys is known to hold them, so that none can dangle."""
    names = {
        name
        for model in _models(r.Part)
        for name, field in model.model_fields.items()
        if any(kind in (r.Key, r.Target) for kind in _kinds(field.rebuild_annotation()))
    }
    assert names - {"key", "slug", "former_slugs", "office", "bundle"} == {*REFERS, *TARGETS}


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        if not isinstance(part, str):
            yield from _kinds(part)


APART = {
    "contribution", "search_document", "search_spelling", "named", "name_key", "named_country",
}  # fmt: skip
"""What bundles told, and what finds it by words and names: stored by code of their own."""


def test_every_table_of_knowledge_is_stored() -> None:
    """A table that hangs on a record is one that the loader knows."""
    known = {str(table.__tablename__) for table in (*MAIN, *OWNERS)}
    hanging = {
        name
        for name, table in SQLModel.metadata.tables.items()
        if any(key.ondelete == "CASCADE" for key in table.foreign_keys)
    }
    assert hanging - APART == known


def test_a_bundle_may_tell_of_every_collection() -> None:
    assert set(r.RECORDS) == set(Collection) - {Collection.evidence}


def test_bundles_of_the_program_fit() -> None:
    assert [bundle.problems for bundle in gather(FOLDERS)] == [[], [], []]
