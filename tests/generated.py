"""Made-up records by the thousand, for every table that there is: with ties, gaps and links."""

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel, col

from app.db import analyze, write
from app.models import (
    ID_PREFIXES,
    Basis,
    Collection,
    Name,
    Named,
    NameKey,
    Participant,
    ParticipantKind,
    Place,
    Record,
    Strength,
)  # fmt: skip
from app.names.keys import Called, keys
from app.query.numbers import number
from app.query.sequences import Section, sequence
from app.query.terms import fold, terms
from app.resources import RESOURCES
from seeds.named import HEARD

Row = dict[str, Any]
Ids = Mapping[str, Sequence[str]]
"""The ids of records by the name of their table."""

WORDS = (
    "accord", "basin", "charter", "dialogue", "estuary", "forum", "harbour", "island", "joint",
    "keel", "lagoon", "mandate",
)  # fmt: skip
FIELDS = ("name", "coordinates", "date_earliest", "date_latest", "topics", "capital", "country")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNTOUCHED = {
    "instance", "bundle", "contribution", "former_slug", "participant_country", "named", "name_key",
    "named_country",
}  # fmt: skip
"""Tables that hold nothing of records, or what follows from others."""
NAMELESS = {Collection.places, Collection.evidence}
COUNTRIES_OF_PARTICIPANTS = """
INSERT INTO participant_country (participant_id, country_id, position, basis)
SELECT participant_id, country_id, 0, 'source'
FROM (
    SELECT id AS participant_id, country_id FROM participant
    UNION SELECT participant_id, country_id FROM participant_office
) AS told
WHERE country_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM participant_country AS known
    WHERE known.participant_id = told.participant_id AND known.country_id = told.country_id
)
"""


COUNTRIES_OF_NAMES = """
INSERT INTO named_country (record_id, country_id, basis)
SELECT record_id, country_id, basis FROM named
JOIN participant_country ON participant_id = record_id
UNION ALL SELECT record_id, record_id, 'source' FROM named WHERE collection = 'countries'
UNION ALL SELECT DISTINCT record_id, country_id, 'source' FROM named
JOIN meeting_party ON meeting_id = record_id
"""
NAME_KEY = (col(Name.record_id), col(Name.position))
PERSON = col(Participant.kind) == ParticipantKind.person


def weakness(basis: Basis) -> bool:
    return basis is Basis.reference


class Chance(random.Random):
    """What is made up, and of what shape: how much is unknown, how much there is of the rest."""

    unknown = 0.3
    """How often a column that may be null is, and how often a date."""
    details: Sequence[int] = (0, 1, 1, 2, 3)
    """How many rows a list of a record has, drawn from these."""
    branches = 5
    """How many topics stand at the top, and right below each topic."""

    def __repr__(self) -> str:
        shape = ("unknown", "details", "branches")
        return f"Chance({', '.join(f'{name}={getattr(self, name)}' for name in shape)})"


TABLES: dict[Collection, sa.Table] = {
    Collection.places: Place.__table__,  # type: ignore[attr-defined]
    **{one.collection: one.table.__table__ for one in RESOURCES},  # type: ignore[attr-defined]
}


def generate(
    engine: sa.Engine, number: int, *, first: int = 0, chance: Chance | None = None
) -> None:
    """Add ``number`` records to each collection, and what ties them to one another.

    ``first`` tells how many were added before. At least two are needed: some things are a pair's.
    """
    with write(engine) as session:
        connection = session.connection()
        for table, rows in rows_of(chance or Chance(first), number, first):
            if rows:
                connection.execute(sa.insert(table), rows)
        connection.execute(sa.text(COUNTRIES_OF_PARTICIPANTS))
        find_by_names(connection)
    analyze(engine)


def find_by_names(connection: sa.Connection) -> None:
    """Let records that have names be found by them, which those of before may be already."""
    connection.execute(sa.delete(Named))
    query = sa.select(*map(col, (Record.id, Record.collection, Record.sort_name, Record.basis)))
    records: Sequence[Any] = connection.execute(
        query.where(col(Record.collection).not_in(NAMELESS))
    ).all()
    called: dict[str, list[Called]] = defaultdict(list)
    columns = map(col, (Name.record_id, Name.text, Name.language, Name.basis, Name.position))
    for name in connection.execute(sa.select(*columns).order_by(*NAME_KEY)):
        called[name.record_id].append(Called(name.text, name.language, name.basis, name.position))
    people = {*connection.scalars(sa.select(col(Participant.id)).where(PERSON))}
    rows: dict[type[SQLModel], list[Row]] = {Named: [], NameKey: []}
    for id, collection, sort_name, basis in records:
        names = [one._replace(basis=max(basis, one.basis, key=weakness)) for one in called[id]]
        if found := keys(names, person=id in people, heard=collection in HEARD):
            rows[Named].append(
                {
                    "record_id": id, "collection": collection, "standing": -len(found) % 7 - 6,
                    "sort_name": sort_name, "sha256": "0" * 64,
                }
            )  # fmt: skip
            rows[NameKey] += ({"record_id": id, **key._asdict()} for key in found)
    for table, values in rows.items():
        if values:
            connection.execute(sa.insert(table), values)
    connection.execute(sa.text(COUNTRIES_OF_NAMES))


def rows_of(chance: Chance, number: int, first: int) -> Iterator[tuple[sa.Table, list[Row]]]:
    """Every table with its rows, those that are referred to first."""
    ids = {
        table.name: [_id(chance, collection) for _ in range(number)]
        for collection, table in TABLES.items()
    }
    metadata = SQLModel.metadata
    records = [
        _record(chance, collection, id, index)
        for collection, table in TABLES.items()
        for index, id in enumerate(ids[table.name], first)
    ]
    yield metadata.tables["record"], records
    ids["record"] = [row["id"] for row in records]
    # Words that no other call makes.
    ids["search_word"] = [f"word{chance.getrandbits(64)}" for _ in range(3)]
    ids["reference"] = [row["id"] for row in records if row["basis"] == "reference"]
    for table in metadata.sorted_tables:
        if table.name in SPECIAL:
            yield table, list(SPECIAL[table.name](chance, table, ids))
        elif table in TABLES.values():
            yield (
                table,
                [_main(chance, table, ids, id, at) for at, id in enumerate(ids[table.name], first)],
            )
        elif table.name not in {*UNTOUCHED, "record"}:
            yield table, list(_details(chance, table, ids))


def _id(chance: Chance, collection: Collection) -> str:
    return f"{ID_PREFIXES[collection]}_{uuid.UUID(int=chance.getrandbits(128))}"


def _record(chance: Chance, collection: Collection, id: str, index: int) -> Row:
    name = " ".join(chance.choices(WORDS, k=2)) if chance.random() > chance.unknown else None
    label = chance.choice(WORDS)
    slug = _letters(index, 3).lower() if collection is Collection.countries else f"{label}-{index}"
    at = datetime(2026, 1, chance.randint(1, 5), tzinfo=UTC)
    return {
        "id": id, "collection": collection, "key": slug, "slug": slug, "name": name, "label": label,
        "sort_name": fold(name or label), "basis": chance.choice(["source"] * 9 + ["reference"]),
        "sources": chance.choice([0, 1, 1, 1, 2, 3]),
        "strength": chance.choice([None, *Strength]),
        "sha256": "0" * 64, "created_at": at, "updated_at": at + timedelta(days=index % 3),
        "version": 1,
    }  # fmt: skip


def _letters(index: int, length: int) -> str:
    return "".join(LETTERS[index // 26**place % 26] for place in reversed(range(length)))


def _main(chance: Chance, table: sa.Table, ids: Ids, id: str, index: int) -> Row:
    """A record's own row."""
    row = _row(chance, table, ids) | {"id": id}
    if table.name == "country":
        row |= {
            "code": _letters(index, 3),
            "alpha2": _letters(index, 2) if index < 26**2 else None,
        }
    return _mended(chance, table, row)


def _details(chance: Chance, table: sa.Table, ids: Ids) -> Iterator[Row]:
    """The rows of a table of details: none to three for each owner, none twice."""
    owner, *more = table.primary_key.columns
    seen = set()
    for id in ids[_target(owner) or ""]:
        for position in range(chance.choice(chance.details)):
            row = _row(chance, table, ids) | {owner.name: id}
            if "position" in row:
                row["position"] = position
            key = (id, *(row[column.name] for column in more))
            if key not in seen:
                seen.add(key)
                yield _mended(chance, table, row)


def _row(chance: Chance, table: sa.Table, ids: Ids) -> Row:
    """A value for each column, without a thought for one another."""
    return {column.name: _value(chance, column, ids) for column in table.columns}


def _value(chance: Chance, column: sa.Column[Any], ids: Ids) -> Any:
    if column.nullable and chance.random() < chance.unknown:
        return None
    if target := _target(column):
        return chance.choice(ids[target])
    if isinstance(column.type, sa.Enum):
        return chance.choice(column.type.enums)
    made: dict[type, Callable[[], Any]] = {
        bool: lambda: chance.random() < 0.5,
        int: lambda: chance.randint(1, 50),
        str: lambda: chance.choice(WORDS),
    }
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return made[plain.python_type]() if plain.python_type in made else None


def _target(column: sa.Column[Any]) -> str | None:
    return next((key.column.table.name for key in column.foreign_keys), None)


# ------------------------------------------------------- what checks ask of some columns


def _mended(chance: Chance, table: sa.Table, row: Row) -> Row:
    if "date_earliest" in row:
        row |= _date(chance)
    if "latitude" in row:
        row |= {"latitude": chance.uniform(-90, 90), "longitude": chance.uniform(-180, 180)}
    if "sha256" in row:
        row["sha256"] = "0" * 64
    if "start_code_point" in row:
        row |= {"end_code_point": row["start_code_point"] + row["end_code_point"]}
    return row | MENDED[table.name](row) if table.name in MENDED else row


def _date(chance: Chance) -> Row:
    """Days, months and dates of which one end is open, several records each; or none."""
    first = date(2000 + chance.randint(0, 9), chance.randint(1, 12), 1)
    last = first + timedelta(days=chance.choice([0, 0, 27]))
    if chance.random() < chance.unknown:
        return dict.fromkeys(_DATE)
    known = first == last
    opened = chance.random()
    return dict.fromkeys(_DATE) | {
        "date_start": first if known else None,
        "date_end": last if known else None,
        "date_earliest": None if opened < 0.1 and not known else first,
        "date_latest": None if opened > 0.9 and not known else last,
        "date_edtf": first.isoformat(),
        "date_basis": "stated",
    }


_DATE = (
    "date_start", "date_end", "date_earliest", "date_latest", "date_edtf", "date_as_written",
    "date_basis", "date_anchor_id", "date_anchor_relation",
)  # fmt: skip

MENDED: dict[str, Callable[[Row], Row]] = {
    "statement": lambda row: {"own_words": row["own_words"] and row["kind"] != "paraphrase"},
    "proposal": lambda row: {"voice": "author" if row["origin"] == "author" else "official"},
    "relation": lambda row: {"pair": row["id"]},
    "source": lambda row: {"text": row["text"] if row["rights"] == "full_text" else None},
    "source_sentence": lambda row: {"end_at": row["start_at"] + row["end_at"]},
}


# ------------------------------------------------------------- tables with a shape of their own


def _topics(chance: Chance, _table: sa.Table, ids: Ids) -> Iterator[Row]:
    for index, id in enumerate(ids["topic"]):
        above = index // chance.branches
        yield {"id": id, "parent_id": ids["topic"][above] if index >= chance.branches else None}


def _topic_paths(chance: Chance, _table: sa.Table, ids: Ids) -> Iterator[Row]:
    for index, id in enumerate(ids["topic"]):
        depth, above = 0, index
        while True:
            yield {"ancestor_id": ids["topic"][above], "topic_id": id, "depth": depth}
            if above < chance.branches:
                break
            depth, above = depth + 1, above // chance.branches


def _relation_parties(chance: Chance, _table: sa.Table, ids: Ids) -> Iterator[Row]:
    for id in ids["relation"]:
        for position, country in enumerate(chance.sample(ids["country"], 2)):
            yield {"relation_id": id, "country_id": country, "position": position}


def _reference_fields(chance: Chance, _table: sa.Table, ids: Ids) -> Iterator[Row]:
    for id in ids["record"]:
        for field in chance.sample(FIELDS, chance.choice([0, 0, 1, 2])):
            yield {"record_id": id, "field": field}


def _contradictions(chance: Chance, _table: sa.Table, ids: Ids) -> Iterator[Row]:
    """Now and then two sources that differ."""
    for id in ids["record"]:
        if chance.random() < 0.1:
            told = zip(chance.sample(WORDS, 2), chance.sample(ids["source"], 2), strict=True)
            for position, (value, source) in enumerate(told):
                row = {"record_id": id, "position": position, "field": "host"}
                yield {**row, "value": value, "source_id": source}


def _documents(chance: Chance, _table: sa.Table, ids: Ids) -> Iterator[Row]:
    columns = ("source_names", "reference_names", "source_text", "reference_text")
    reference = set(ids["reference"])
    found: list[Row] = []
    for at, id in enumerate(ids["record"]):
        said = " ".join([*chance.sample(WORDS, 3), f"word{at % 997}"])
        row = dict.fromkeys(columns, "") | {chance.choice(columns): " ".join(terms(said))}
        passages = [{"field": "text", "text": said, "basis": "source"}]
        basis = Basis.reference if id in reference else Basis.source
        shape = number(None, COLLECTIONS[id.partition("_")[0]], basis, id)
        kept = {"source_words": sequence({Section.said: [said]}), "reference_words": ""}
        more = {"passages": passages, "sha256": "0" * 64}
        found.append({**row, **kept, **more, "id": shape, "record_id": id})
    # The order that the index is made for.
    yield from sorted(found, key=itemgetter("id"))


def _words(_chance: Chance, _table: sa.Table, ids: Ids) -> Iterator[Row]:
    yield from ({"term": term, "documents": 1} for term in ids["search_word"])


def _spellings(_chance: Chance, _table: sa.Table, ids: Ids) -> Iterator[Row]:
    yield from ({"key": term[:-1], "term": term} for term in ids["search_word"])


COLLECTIONS = {prefix: collection for collection, prefix in ID_PREFIXES.items()}

SPECIAL: dict[str, Callable[[Chance, sa.Table, Ids], Iterator[Row]]] = {
    "topic": _topics,
    "topic_path": _topic_paths,
    "relation_party": _relation_parties,
    "reference_field": _reference_fields,
    "contradiction": _contradictions,
    "search_document": _documents,
    "search_word": _words,
    "search_spelling": _spellings,
}
