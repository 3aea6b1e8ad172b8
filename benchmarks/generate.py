"""Fills a database with as many statements as are asked for, and what stands around them.

    python benchmarks/generate.py sqlite:///bench.db 100000

The same number makes the same knowledge base everywhere. Proportions are those of a newsroom's
archive: twenty statements to a meeting, a silence to fifty, a source to ten; some speakers, states
and subjects are far more frequent than others.
"""

import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.db import analyze, create_engine, write
from app.migrate import migrate
from app.models import Basis, Collection, Stance, StatementKind
from app.query import numbers
from app.query.sequences import Section, sequence
from app.query.terms import fold, terms
from seeds.ids import record_id
from seeds.vocabulary import counted, keep

BUILD = Path(__file__).resolve().parent.parent / "build"
Row = dict[str, Any]
Rows = Iterator[tuple[str, Row]]
"""Rows, each with the name of its table."""

WORDS = (
    "accord", "aid", "border", "climate", "conference", "corridor", "deadline", "defence",
    "dialogue", "energy", "envoy", "export", "ferry", "fishery", "grant", "harbour",
    "inspection", "investment", "island", "licence", "loan", "mandate", "mission",
    "negotiation", "observer", "passage", "pipeline", "port", "protocol", "quota", "railway",
    "reform", "relief", "sanction", "strait", "summit", "supply", "tariff", "treaty", "visa",
    "water", "協定", "貿易", "關稅", "海峡", "会談", "경제", "협력", "회담", "안보",
)  # fmt: skip
RARE = [
    f"{first}{second}{last}" for first in WORDS[:40] for second in WORDS[:40] for last in "aeiou"
]
AT = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_DAY = date(1995, 1, 1)
DAYS = 11_000
COUNTRIES = 200
CHUNK = 5_000
SORTED = 50_000
DOCUMENTS = "search_document"


def fill(engine: sa.Engine, statements: int) -> None:
    """Fill a migrated, empty database."""
    documents: list[Row] = []
    counts: Counter[str] = Counter()
    with write(engine) as session:
        connection = session.connection()
        rows = Archive(statements).rows()
        while chunk := list(islice(rows, CHUNK)):
            _insert(connection, [one for one in chunk if one[0] != DOCUMENTS])
            documents += (row for table, row in chunk if table == DOCUMENTS)
            if len(documents) >= SORTED:
                _insert_documents(connection, documents, counts)
        _insert_documents(connection, documents, counts)
        keep(session, counts)
    analyze(engine)


def filled(name: str, put: Callable[[sa.Engine], None]) -> Path:
    """The file of a database, which is filled unless it is there.

    One that was not finished is not there: it has its name only when it is whole.
    """
    path = BUILD / f"{name}.db"
    if path.exists():
        return path
    BUILD.mkdir(exist_ok=True)
    begun = path.with_suffix(".begun")
    for old in BUILD.glob(f"{begun.name}*"):
        old.unlink()
    url = f"sqlite:///{begun}"
    migrate(url)
    engine = create_engine(url)
    put(engine)
    engine.dispose()
    with closing(sqlite3.connect(begun)) as connection:
        # The file alone is renamed: nothing may be left beside it.
        connection.execute("PRAGMA journal_mode = DELETE")
    return begun.rename(path)


def archive(statements: int) -> Path:
    """The file of the database with so many statements."""
    return filled(f"bench-{statements}", lambda engine: fill(engine, statements))


def _insert_documents(
    connection: sa.Connection, documents: list[Row], counts: Counter[str]
) -> None:
    """Insert documents in the order of their numbers, which their index is made for."""
    counts.update(counted(documents))
    documents.sort(key=lambda one: int(one["id"]))
    _insert(connection, [(DOCUMENTS, one) for one in documents])
    documents.clear()


def _insert(connection: sa.Connection, chunk: Sequence[tuple[str, Row]]) -> None:
    by_table: dict[str, list[Row]] = {}
    for table, row in chunk:
        by_table.setdefault(table, []).append(row)
    for each in SQLModel.metadata.sorted_tables:
        if found := by_table.get(each.name):
            connection.execute(sa.insert(each), found)


class Archive:
    """A made-up archive; whatever is referred to comes before what refers to it."""

    def __init__(self, statements: int) -> None:
        self.chance = random.Random(statements)  # noqa: S311
        self.statements = statements
        self.ids: dict[Collection, list[str]] = {}
        self.days: dict[str, date] = {}
        self.numbers: set[int] = set()

    def rows(self) -> Rows:
        """Every row of every table."""
        number = self.statements
        yield from self._countries()
        yield from self._topics()
        yield from self._participants(max(number // 100, 50))
        yield from self._sources(max(number // 10, 5))
        yield from self._meetings(max(number // 20, 10), max(number // 2000, 3))
        yield from self._statements(number)
        yield from self._silences(max(number // 50, 5))
        yield from self._disputes(max(number // 1000, 5))
        yield from self._proposals(max(number // 50, 5))

    def one(self, collection: Collection) -> str:
        """A record, those that come first far more often."""
        ids = self.ids[collection]
        return ids[int(len(ids) * self.chance.random() ** 3)]

    def some(self, collection: Collection, most: int) -> list[str]:
        """Several different ones."""
        number = self.chance.randint(1, most)
        return list(dict.fromkeys(self.one(collection) for _ in range(number)))

    def text(self, longest: int) -> str:
        """A sentence of varied length, with one word that few others have."""
        words = self.chance.choices(WORDS, k=self.chance.randint(5, longest))
        return " ".join([*words, RARE[int(len(RARE) * self.chance.random() ** 2)]])

    def record(
        self, collection: Collection, key: str, name: str | None, said: str, day: date | None = None
    ) -> Rows:
        """What every record has, and the terms by which it is found."""
        id = record_id(collection, key)
        self.ids.setdefault(collection, []).append(id)
        label = name or said[:60]
        yield "record", {
            "id": id, "collection": collection, "key": key, "slug": key, "name": name,
            "label": label, "sort_name": fold(label), "basis": "source", "sha256": "0" * 64,
            "created_at": AT, "updated_at": AT, "version": 1,
        }  # fmt: skip
        names = " ".join(dict.fromkeys(terms(name or "")))
        kept = sequence({Section.names: [name or ""], Section.said: [said]})
        yield DOCUMENTS, {
            "id": self._number(day, collection, id), "record_id": id,
            "source_words": kept, "reference_words": "",
            "source_names": names, "reference_names": "", "reference_text": "",
            "source_text": " ".join(dict.fromkeys(terms(said))), "sha256": "0" * 64,
            "passages": [{"field": "text", "text": said, "basis": "source"}],
        }  # fmt: skip

    def _number(self, day: date | None, collection: Collection, id: str) -> int:
        """A number of a document that no other one has."""
        wanted = numbers.number(day, collection, Basis.source, id)
        found = numbers.free(wanted, self.numbers)
        self.numbers.add(found)
        return found

    def evidence(self, id: str, source: str, number: int) -> Rows:
        """The passage on which a record rests."""
        key = f"{id}/{number}"
        yield from self.record(
            Collection.evidence, key.replace("_", "-").replace("/", "-"), None, ""
        )
        start = self.chance.randint(0, 5000)
        end = start + self.chance.randint(20, 300)
        yield "evidence", {
            "id": self.ids[Collection.evidence].pop(), "source_id": source, "record_id": id,
            "paragraph": start // 400 + 1, "sentence": start % 5 + 1, "sha256": "0" * 64,
            **{f"start_{unit}": start for unit in ("code_point", "utf16", "utf8")},
            **{f"end_{unit}": end for unit in ("code_point", "utf16", "utf8")},
        }  # fmt: skip

    def _countries(self) -> Rows:
        for number in range(COUNTRIES):
            letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            code = f"{letters[number % 26]}{letters[number // 26]}{letters[number % 7]}"
            key = code.lower()
            yield from self.record(Collection.countries, key, f"Land {code}", "")
            id = self.ids[Collection.countries][-1]
            yield "country", {"id": id, "kind": "state", "code": code, "alpha2": code[:2]}

    def _topics(self) -> Rows:
        for number in range(60):
            yield from self.record(Collection.topics, f"topic-{number}", f"Topic {number}", "")
            ids = self.ids[Collection.topics]
            above = [number]
            while above[-1] > 8:
                above.append(above[-1] // 4)
            parent = ids[above[1]] if len(above) > 1 else None
            yield "topic", {"id": ids[number], "parent_id": parent}
            for depth, at in enumerate(above):
                yield "topic_path", {
                    "ancestor_id": ids[at], "topic_id": ids[number], "depth": depth,
                }  # fmt: skip

    def _participants(self, number: int) -> Rows:
        for at in range(number):
            name = f"{self.chance.choice(WORDS).title()} {self.chance.choice(WORDS).title()} {at}"
            yield from self.record(Collection.participants, f"person-{at}", name, "")
            id, country = self.ids[Collection.participants][-1], self.one(Collection.countries)
            yield "participant", {"id": id, "kind": "person"}
            yield "participant_office", {
                "participant_id": id, "position": 0, "office": "foreign-minister",
                "title": "Foreign Minister", "country_id": country, "basis": "source",
            }  # fmt: skip
            yield "participant_country", {
                "participant_id": id, "country_id": country, "position": 0, "basis": "source",
            }  # fmt: skip

    def _sources(self, number: int) -> Rows:
        for at in range(number):
            yield from self.record(Collection.sources, f"source-{at}", None, f"source {at}")
            yield "source", {
                "id": self.ids[Collection.sources][-1], "publisher": f"Paper {at % 40}",
                "language": "en", "rights": "metadata_only", "sha256": "0" * 64,
                "characters": 6000, "paragraphs": 14, **self._date(self._day()),
            }  # fmt: skip

    def _meetings(self, number: int, rows_of_meetings: int) -> Rows:
        for at in range(rows_of_meetings):
            yield from self.record(Collection.series, f"series-{at}", f"Talks {at}", "")
            yield "series", {"id": self.ids[Collection.series][-1], "level": "foreign_ministers"}
        ranks = dict.fromkeys(self.ids[Collection.series], 0)
        for day, at in zip(sorted(self._day() for _ in range(number)), range(number), strict=True):
            yield from self.record(Collection.meetings, f"meeting-{at}", f"Meeting {at}", "", day)
            id = self.ids[Collection.meetings][-1]
            self.days[id] = day
            states = self.some(Collection.countries, 3)
            yield "meeting", {
                "id": id, "level": "foreign_ministers", "status": "held", "voice": "reporter",
                "host_id": states[0], "venue_country_id": states[0], **self._date(day),
            }  # fmt: skip
            yield from _links("meeting_party", "meeting_id", id, "country_id", states)
            for position, person in enumerate(self.some(Collection.participants, 4)):
                yield "participation", {
                    "meeting_id": id, "participant_id": person, "role": "participant",
                    "position": position,
                }  # fmt: skip
            series = self.one(Collection.series)
            ranks[series] += 1
            yield "meeting_series", {
                "meeting_id": id, "series_id": series, "position": 0, "ordinal": ranks[series],
                "rank": ranks[series],
            }  # fmt: skip
            yield from self._topics_of(id)
            yield from self.evidence(id, self.one(Collection.sources), 0)

    def _statements(self, number: int) -> Rows:
        for at in range(number):
            said = self.text(60)
            meeting = self.one(Collection.meetings)
            day = self.days[meeting]
            yield from self.record(Collection.statements, f"statement-{at}", None, said, day)
            id = self.ids[Collection.statements].pop()
            kind = self.chance.choice([*StatementKind])
            yield "statement", {
                "id": id, "meeting_id": meeting, "kind": kind, "voice": "official", "text": said,
                "own_words": kind is StatementKind.direct, **self._date(self.days[meeting]),
            }  # fmt: skip
            speakers = self.some(Collection.participants, 1 if self.chance.random() < 0.9 else 2)
            yield from _links("statement_speaker", "statement_id", id, "participant_id", speakers)
            yield from self._topics_of(id)
            yield from self._about(id)
            if self.chance.random() < 0.3:
                yield "statement_stance", {
                    "statement_id": id, "target_id": self.one(Collection.topics), "position": 0,
                    "stance": self.chance.choice([*Stance]),
                }  # fmt: skip
            yield from self.evidence(id, self.one(Collection.sources), 0)

    def _silences(self, number: int) -> Rows:
        for at in range(number):
            said = self.text(20)
            yield from self.record(Collection.silences, f"silence-{at}", None, said)
            id, meeting = self.ids[Collection.silences].pop(), self.one(Collection.meetings)
            yield "silence", {
                "id": id, "meeting_id": meeting, "voice": "reporter", "text": said,
                **self._date(self.days[meeting]),
            }  # fmt: skip
            who = self.some(Collection.participants, 1)
            yield from _links("silence_participant", "silence_id", id, "participant_id", who)
            yield from self._topics_of(id)
            yield from self._about(id)

    def _disputes(self, number: int) -> Rows:
        for at in range(number):
            said = self.text(20)
            yield from self.record(Collection.disputes, f"dispute-{at}", f"Dispute {at}", said)
            id = self.ids[Collection.disputes][-1]
            yield "dispute", {
                "id": id, "kind": "territorial", "status": "active", "voice": "reporter",
                "text": said,
            }  # fmt: skip
            for position, state in enumerate(self.some(Collection.countries, 3)):
                yield "dispute_party", {
                    "dispute_id": id, "country_id": state, "position": position, "role": "party",
                }  # fmt: skip
            yield from self._topics_of(id)

    def _proposals(self, number: int) -> Rows:
        for at in range(number):
            said = self.text(30)
            yield from self.record(Collection.proposals, f"proposal-{at}", None, said)
            id = self.ids[Collection.proposals].pop()
            yield "proposal", {
                "id": id, "origin": "official", "kind": "cooperation", "stage": "proposed",
                "voice": "official", "meeting_id": self.one(Collection.meetings), "text": said,
            }  # fmt: skip
            yield "proposal_stage", {
                "proposal_id": id, "position": 0, "stage": "proposed", "voice": "official",
            }  # fmt: skip
            yield from _links(
                "proposal_proposer", "proposal_id", id, "participant_id",
                self.some(Collection.participants, 2),
            )  # fmt: skip
            yield from _links(
                "proposal_addressee", "proposal_id", id, "country_id",
                self.some(Collection.countries, 2),
            )  # fmt: skip
            yield from self._topics_of(id)

    def _topics_of(self, id: str) -> Rows:
        topics = self.some(Collection.topics, 3)
        return _links("record_topic", "record_id", id, "topic_id", topics)

    def _about(self, id: str) -> Rows:
        states = self.some(Collection.countries, 2)
        return _links("record_about", "record_id", id, "country_id", states)

    def _day(self) -> date:
        return FIRST_DAY + timedelta(days=self.chance.randrange(DAYS))

    def _date(self, day: date) -> Mapping[str, Any]:
        """A day, or of one in ten the month alone."""
        known = self.chance.random() < 0.9
        first = day if known else day.replace(day=1)
        last = day if known else day.replace(day=28)
        return {
            "date_start": first if known else None, "date_end": last if known else None,
            "date_earliest": first, "date_latest": last, "date_basis": "stated",
            "date_edtf": day.isoformat() if known else f"{day:%Y-%m}",
        }  # fmt: skip


def _links(table: str, owner: str, id: str, value: str, values: Sequence[str]) -> Rows:
    for position, each in enumerate(values):
        yield table, {owner: id, value: each, "position": position}


if __name__ == "__main__":
    url, number = sys.argv[1], int(sys.argv[2])
    migrate(url)
    fill(create_engine(url), number)
