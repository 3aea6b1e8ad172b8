"""Bundles of made-up records whose texts, dates and gaps each database would treat its way."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any
from unicodedata import normalize

from app import models as m

Record = dict[str, Any]
Records = dict[str, list[Record]]

# Case, accents, punctuation, blanks, digits, scripts, what is beyond the BMP, marks without a
# letter of their own, long texts, and what is syntax somewhere.
TEXTS = tuple(
    normalize("NFC", text)
    for text in (
        "a", "A", "ä", "Ä", "á", "b", "B", "z", "Z", "Åland", "aland", "Aland", "Älvsbyn",
        "İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "Straße", "STRASSE", "strasse", "ﬁn", "fin",
        "co-op", "coop", "co op", "co  op", "CO-OP", "re-sort", "resort", "O'Neill", "ONeill",
        '"quoted"', "back\\slash", "100%", "100_", "1000", "2", "10", "02", "９", "%", "_", "\\",
        "日本", "日本国", "中国", "中國", "독도", "다케시마", "竹島", "尖閣諸島", "钓鱼岛",
        "東京, 日本", "カナ", "ｶﾅ", "ガ", "Ελλάδα", "ΕΛΛΆΔΑ", "ς", "σ", "Ёлка", "ёлка", "елка",
        "हिन्दी", "עברית", "ไทย", "😀", "😀 a", "👩\u200d👩\u200d👧", "𝒜", "𠮷野家", "\U0010fffd",
        "q̃", "q", "a\u0301\u0323", "\u00a0a", "x" * 300, "長" * 300, "\u200b", "\ufffd", "~",
        "!", "!a",
        "a,b", "null", "NaN", "true", " a", "$1", ":name", "%s", "{0}", "a|b", "a & b",
        "NEAR(a, b)", "a*", "-a", "a:b", "(a)", ";--",
    )
)  # fmt: skip
# Letters, digits and hyphens, which people sort otherwise than computers do.
SIGNS = ("a", "b", "ab", "a-b", "a-1", "a1", "0", "00", "1", "10", "2", "z", "z-z", "zz")
DATES = (
    "0001-01-01", "0001", "0001-01-01/0001-01-02", "9999-12-31", "9999", "9999-12", "2025-03-22",
    "2025-03-22", "2025-03", "2025-03", "2025", "2025", "202X", "20XX", "XXXX-03-22", "2025-21",
    "2025-03-22?", "2025-02/2025-05", "../2025-03-22", "2025-03-22/..", "[2025-03-21,2025-03-22]",
    "2024-02-29", "1999-12-31/2000-01-01",
)  # fmt: skip
LANGUAGES = ("en", "ja", "ko", "zh", "zh-Hans", "zh-Hant", "de")
SENTENCE = 40
"""The length of every sentence of every source."""
GREATEST = 2**31 - 1


class Maker:
    """Makes the records of one base, the same for the same number."""

    def __init__(self, number: int, each: int) -> None:
        self.chance = random.Random(number)  # noqa: S311
        self.keys: dict[m.Collection, list[str]] = {
            collection: self._keys(collection, each)
            for collection in m.Collection
            if collection is not m.Collection.evidence
        }
        self.sources: dict[str, int] = {}

    def _keys(self, collection: str, each: int) -> list[str]:
        found = list(SIGNS) if each >= len(SIGNS) else []
        while len(found) < each:
            found.append(f"{self.chance.choice(SIGNS)}-{collection[0]}{len(found)}")
        return found

    # ------------------------------------------------------------------------- values

    def maybe(self, value: Any, likely: float = 0.6) -> Any:
        return value if self.chance.random() < likely else None

    def text(self) -> str:
        return self.chance.choice(TEXTS)

    def prose(self) -> str:
        return " ".join(self.chance.choices(TEXTS, k=self.chance.randint(1, 6)))[:2000].strip()

    def key(self, collection: m.Collection) -> str:
        return self.chance.choice(self.keys[collection])

    def some(self, collection: m.Collection, least: int = 0, most: int = 3) -> list[str]:
        return self.chance.sample(self.keys[collection], self.chance.randint(least, most))

    def one(self, enum: type[StrEnum]) -> str:
        return self.chance.choice(list(enum)).value

    def flag(self) -> bool:
        return self.chance.random() < 0.5

    def date(self, *, anchored: bool = True) -> Record | None:
        date: Record = {"edtf": self.maybe(self.chance.choice(DATES), 0.9)}
        date["as_written"] = self.maybe(self.text(), 0.3 if date["edtf"] else 1)
        if anchored and self.maybe(True, 0.1):
            target = f"meetings/{self.key(m.Collection.meetings)}"
            date["anchor"] = {"record": target, "relation": self.one(m.DateRelation)}
        date["basis"] = self.one(m.DateBasis)
        known: Record | None = self.maybe(_told(date), 0.75)
        return known

    def point(self) -> Record | None:
        greatest = self.maybe(True, 0.1)
        latitude = 90 if greatest else round(self.chance.uniform(-90, 90), 13)
        longitude = -180 if greatest else round(self.chance.uniform(-180, 180), 12)
        point: Record | None = self.maybe({"latitude": latitude, "longitude": longitude})
        return point

    def names(self) -> list[Record]:
        found = []
        for language in self.chance.sample(LANGUAGES[1:], self.chance.randint(0, 3)):
            main, other = self.chance.sample(TEXTS, 2)
            found.append({"text": main, "language": language})
            if self.flag():
                used = {"kind": "usage", "used_by": self.key(m.Collection.countries)}
                found.append({"text": other, "language": language, **used})
        return found

    def evidence(self, *, quotes: Sequence[str] = ()) -> list[Record]:
        wanted: list[str | None] = [*quotes] or [None] * self.chance.randint(1, 3)
        places = self.chance.sample(range(60), len(wanted))
        return [self._piece(at, quote) for at, quote in zip(places, wanted, strict=True)]

    def _piece(self, at: int, quote: str | None) -> Record:
        source = self.key(m.Collection.sources)
        number = at % self.sources[source]
        start = number * SENTENCE + at // self.sources[source]
        passage = quote and f"«{quote}»"
        return _told(
            {
                "source": source, "paragraph": number // 3 + 1, "sentence": number % 3 + 1,
                "start": [start, start * 2, min(start * 3, GREATEST)],
                "end": [start + 5, start * 2 + 9, GREATEST], "quote": quote,
                "passage": self.maybe(passage),
                "sha256": sha256((passage or str(at)).encode()).hexdigest(),
            }
        )  # fmt: skip

    # ------------------------------------------------------------------------- records

    def records(self) -> Records:
        """What the source bundle tells, sources first."""
        makers = {
            name: getattr(self, f"_{name}") for name in self.keys if name != m.Collection.sources
        }
        found: Records = {"sources": [self._source(key) for key in self.keys[_SOURCES]]}
        for name, make in makers.items():
            found[name] = [self._whole(each) for each in make()]
        return found

    def _whole(self, record: Record) -> Record:
        named = self.maybe(self.text(), 0.7)
        more = {"name": named, "names": self.names()}
        if named is None or self.flag():
            more["label"] = self.text()
        return _told(more | record)

    def _each(self, collection: m.Collection) -> Iterator[Record]:
        """The beginning of each record of a collection with evidence."""
        for key in self.keys[collection]:
            yield {"key": key, "evidence": self.evidence()}

    def _source(self, key: str) -> Record:
        number = self.sources[key] = self.chance.randint(3, 30)
        places = [
            [at // 3 + 1, at % 3 + 1, at * SENTENCE, (at + 1) * SENTENCE] for at in range(number)
        ]
        return self._whole(
            {
                "key": key, "language": self.chance.choice(LANGUAGES), "rights": "excerpts",
                "publisher": self.maybe(self.text()), "author": self.maybe(self.text()),
                "url": self.maybe("https://example.org/%E2%82%AC?a=b'\\_"), "date": self.date(),
                "characters": self.chance.choice([number * SENTENCE, GREATEST]),
                "sha256": sha256(key.encode()).hexdigest(), "outline": places,
            }
        )  # fmt: skip

    def _places(self) -> Iterator[Record]:
        for key in self.keys[m.Collection.places]:
            yield {"key": key, "coordinates": self.point()}

    def _countries(self) -> Iterator[Record]:
        for number, key in enumerate(self.keys[m.Collection.countries]):
            code = f"{'QXZ'[number % 3]}{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}"
            coded = self.flag()
            yield {
                "key": key, "kind": self.one(m.CountryKind), "code": code if coded else None,
                "alpha2": code[1:] if coded and self.flag() else None,
                "capital": self.maybe(self.key(m.Collection.places)), "coordinates": self.point(),
            }  # fmt: skip

    def _topics(self) -> Iterator[Record]:
        keys = self.keys[m.Collection.topics]
        for number, key in enumerate(keys):
            yield {"key": key, "parent": self.chance.choice(keys[:number]) if number > 3 else None}

    def _series(self) -> Iterator[Record]:
        for record in self._each(m.Collection.series):
            parties = self.some(m.Collection.countries)
            yield {**record, "level": self.one(m.MeetingLevel), "parties": parties}

    def _participants(self) -> Iterator[Record]:
        keys = self.keys[m.Collection.participants]
        for number, record in enumerate(self._each(m.Collection.participants)):
            yield {
                **record, "kind": self.one(m.ParticipantKind),
                "family_name": self.maybe(self.text()), "given_name": self.maybe(self.text()),
                "name_order": self.maybe("family_first"),
                "country": self.maybe(self.key(m.Collection.countries)),
                "offices": self.offices(),
                "members": self.chance.sample(keys[:number], min(number, 2)) if self.flag() else [],
            }  # fmt: skip

    def offices(self) -> list[Record]:
        offices = self.chance.sample(SIGNS, self.chance.randint(0, 3))
        country = m.Collection.countries
        return [
            _told(
                {
                    "office": office,
                    "title": self.text(),
                    "country": self.maybe(self.key(country)),
                    "date": self.date(anchored=False),
                }
            )
            for office in offices
        ]

    def _meetings(self) -> Iterator[Record]:
        countries, participants = m.Collection.countries, m.Collection.participants
        for record in self._each(m.Collection.meetings):
            people = self.some(participants)
            # The same person in several roles, as happens.
            parts = [
                {"participant": one, "role": role, "country": self.key(countries)}
                for one in people
                for role in self.chance.sample([*m.ParticipationRole], self.chance.randint(1, 5))
            ]
            yield {
                **record, "level": self.one(m.MeetingLevel), "status": self.one(m.MeetingStatus),
                "voice": self.one(m.Voice), "date": self.date(anchored=False),
                "host": self.maybe(self.key(countries)),
                "venue_country": self.maybe(self.key(countries)),
                "city": self.maybe(self.key(m.Collection.places)), "venue": self.maybe(self.text()),
                "coordinates": self.point(), "purpose": self.maybe(self.prose()),
                "parties": self.some(countries), "participations": parts,
                "series": self._sittings(), "topics": self.some(m.Collection.topics),
            }  # fmt: skip

    def _sittings(self) -> list[Record]:
        return [
            _told({"series": series, "ordinal": self.maybe(self.chance.choice([1, 2, 10, 9999]))})
            for series in self.some(m.Collection.series, most=2)
        ]

    def _said(self, collection: m.Collection) -> Iterator[Record]:
        for record in self._each(collection):
            yield {
                **record, "meeting": self.maybe(self.key(m.Collection.meetings)),
                "voice": self.one(m.Voice), "text": self.prose(),
                "topics": self.some(m.Collection.topics), "date": self.date(),
                "about": self.some(m.Collection.countries),
            }  # fmt: skip

    def _statements(self) -> Iterator[Record]:
        for record in self._said(m.Collection.statements):
            kind = self.one(m.StatementKind)
            quotes = [] if kind == "paraphrase" else self.chance.sample(TEXTS, 2)
            targets = {self.target(): self.one(m.Stance) for _ in range(self.chance.randint(0, 2))}
            yield {
                **record, "speakers": self.some(m.Collection.participants, 1), "kind": kind,
                "own_words": bool(quotes) and self.flag(), "quotes": quotes,
                "stances": [{"target": target, "stance": how} for target, how in targets.items()],
                "evidence": self.evidence(quotes=quotes),
            }  # fmt: skip

    def target(self) -> str:
        # Topics as often as all others: for each stance there is a filter by them.
        collection = self.chance.choice([*self.keys, *[m.Collection.topics] * len(self.keys)])
        return f"{collection}/{self.key(collection)}"

    def _silences(self) -> Iterator[Record]:
        for record in self._said(m.Collection.silences):
            yield {**record, "participants": self.some(m.Collection.participants, 1)}

    def _disputes(self) -> Iterator[Record]:
        for record in self._each(m.Collection.disputes):
            parties = self.some(m.Collection.countries, 2, 4)
            yield {
                **record, "kind": self.one(m.DisputeKind), "status": self.one(m.DisputeStatus),
                "voice": self.one(m.Voice), "text": self.prose(), "coordinates": self.point(),
                "parties": [{"country": one, "role": self.one(m.PartyRole)} for one in parties],
                "administrator": self.maybe(self.key(m.Collection.countries)),
                "topics": self.some(m.Collection.topics),
            }  # fmt: skip

    def _incidents(self) -> Iterator[Record]:
        for record in self._each(m.Collection.incidents):
            parties = [
                {"country": one, "role": role, "participant": self.key(m.Collection.participants)}
                for one in self.some(m.Collection.countries)
                for role in self.chance.sample([*m.IncidentRole], self.chance.randint(1, 2))
            ]
            yield {
                **record, "dispute": self.maybe(self.key(m.Collection.disputes)),
                "voice": self.one(m.Voice), "text": self.prose(), "parties": parties,
                "topics": self.some(m.Collection.topics), "date": self.date(),
                "coordinates": self.point(),
            }  # fmt: skip

    def _proposals(self) -> Iterator[Record]:
        for record in self._each(m.Collection.proposals):
            items = [
                {"key": key, "label": self.text(), "topic": self.key(m.Collection.topics)}
                for key in self.chance.sample(SIGNS, self.chance.randint(0, 3))
            ]
            stages = self.chance.sample([*m.ProposalStage], self.chance.randint(1, 3))
            yield {
                **record, "origin": self.one(m.ProposalOrigin), "kind": self.one(m.ProposalKind),
                "text": self.prose(), "stages": [self._stage(stage) for stage in stages],
                "items": items, "proposers": self.some(m.Collection.participants),
                "addressees": self.some(m.Collection.countries),
                "meeting": self.maybe(self.key(m.Collection.meetings)),
                "topics": self.some(m.Collection.topics),
            }  # fmt: skip

    def _stage(self, stage: str) -> Record:
        by, meeting = m.Collection.participants, m.Collection.meetings
        return _told(
            {
                "stage": stage,
                "asserted_by": self.maybe(self.key(by)),
                "meeting": self.maybe(self.key(meeting)),
                "date": self.date(),
            }
        )

    def _relations(self) -> Iterator[Record]:
        pairs = list(combinations(self.keys[m.Collection.countries], 2))
        records = list(self._each(m.Collection.relations))
        for record, pair in zip(records, self.chance.sample(pairs, len(records)), strict=True):
            yield {
                **record, "kind": self.one(m.RelationKind), "directed": self.flag(),
                "parties": list(pair), "voice": self.one(m.Voice), "text": self.prose(),
                "asserted_by": self.maybe(self.key(m.Collection.participants)),
                "topics": self.some(m.Collection.topics),
            }  # fmt: skip

    def _assessments(self) -> Iterator[Record]:
        for record in self._each(m.Collection.assessments):
            yield {
                **record, "hedged": self.flag(), "voice": self.one(m.Voice), "text": self.prose(),
                "countries": self.some(m.Collection.countries),
                "topics": self.some(m.Collection.topics),
                "meeting": self.maybe(self.key(m.Collection.meetings)),
            }  # fmt: skip

    # ------------------------------------------------------------- reference knowledge

    def lore(self, told: Records) -> Records:
        """What the reference bundle adds, and records that it alone tells of."""
        found: Records = {}
        for collection in (m.Collection.countries, m.Collection.participants, m.Collection.topics):
            found[collection] = [
                {"key": record["key"], "names": self._more_names(record)}
                for record in told[collection]
                if self.flag()
            ]
        for record in found["participants"]:
            record["offices"] = self.offices()
        found["meetings"] = [
            self._more_of_meeting(record) for record in told["meetings"] if self.flag()
        ]
        found["places"] = [
            {"key": f"lore-{number}", "name": self.text(), "coordinates": self.point()}
            for number in range(5)
        ]
        found["countries"] += [
            {"key": f"lore-{number}", "kind": "state", "name": self.text(), "capital": "lore-1"}
            for number in range(5)
        ]
        return {name: [_told(each) for each in records] for name, records in found.items()}

    def _more_of_meeting(self, record: Record) -> Record:
        date = None if "date" in record else {"edtf": "2025-03-22"}
        return {
            "key": record["key"], "date": date, "coordinates": self.point(),
            "host": self.key(m.Collection.countries), "series": self._sittings(),
        }  # fmt: skip

    def _more_names(self, record: Record) -> list[Record]:
        taken = {name["language"] for name in record.get("names", [])}
        return [name for name in self.names() if name["language"] not in taken]


_SOURCES = m.Collection.sources


def _told(record: Mapping[str, Any]) -> Record:
    """A record without what it does not say."""
    return {name: value for name, value in record.items() if value not in (None, [])}


def strange(folder: Path, number: int, each: int) -> list[Path]:
    """Two bundles, of a source and of reference knowledge, with ``each`` records a collection."""
    maker = Maker(number, each)
    told = maker.records()
    found = []
    for name, basis, records in (
        ("strange", "source", told),
        ("lore", "reference", maker.lore(told)),
    ):
        found.append(folder / name)
        found[-1].mkdir(parents=True)
        header = f"bundle: {name}\nbasis: {basis}\nlicense: CC0-1.0\n"
        (found[-1] / "bundle.yaml").write_text(header, "utf-8")
        (found[-1] / "records.yaml").write_text(json.dumps(records, ensure_ascii=False), "utf-8")
    return found
