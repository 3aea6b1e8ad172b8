"""Seeding: what bundles tell is kept whole, once, and under ids that never change."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from bundles import RECORDS, REFERENCE, TEXT, bundle, change, drop, echo, sealed
from conftest import Databases, on_sqlite
from sqlmodel import SQLModel, col, select

from app import models as m
from app.db import create_engine, read
from app.models import SEARCH_COLUMNS, Collection
from seeds import load
from seeds.ids import record_id
from seeds.load import Report, seed
from seeds.reader import BundleError
from seeds.store import MAIN, OWNERS

REFERENCE_HEADER = "bundle: lore\nbasis: reference\n"
HISTORY = {"created_at", "updated_at", "version"}


@pytest.fixture
def empty(databases: Databases, migrated: str) -> Iterator[sa.Engine]:
    """A migrated database that holds nothing."""
    yield from _empty(databases, migrated)


def _empty(databases: Databases, migrated: str) -> Iterator[sa.Engine]:
    url = databases.copy(migrated)
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """The toy bundle, sealed."""
    return sealed(tmp_path / "toy")


@pytest.fixture
def lore(tmp_path: Path) -> Path:
    """Reference knowledge about the toy bundle's records."""
    return bundle(tmp_path / "lore", REFERENCE, REFERENCE_HEADER)


def rows(engine: sa.Engine, table: type[SQLModel], *columns: str) -> list[tuple[Any, ...]]:
    """The rows of a table, in their order; all columns unless some are named."""
    found = table.metadata.tables[str(table.__tablename__)]
    chosen = [found.c[name] for name in columns] or list(found.c)
    with engine.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*chosen))), key=repr)


def content(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds, its history and digests of files aside."""
    tables: list[type[SQLModel]] = [m.Record, m.Contribution, *MAIN, *OWNERS]
    columns = [c for c in m.Record.model_fields if c not in HISTORY]
    documents = [name for name in m.SearchDocument.model_fields if name != "id"]
    return {
        str(table.__tablename__): rows(engine, table, *(columns if table is m.Record else ()))
        for table in tables
    } | {"search_document": rows(engine, m.SearchDocument, *documents)}


def history(engine: sa.Engine) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in rows(engine, m.Record, "id", *sorted(HISTORY))}


def problems(engine: sa.Engine, *folders: Path) -> list[str]:
    """What seeding says is wrong, files without their folders; nothing may have been written."""
    before = content(engine)
    with pytest.raises(BundleError) as caught:
        seed(engine, folders)
    assert content(engine) == before
    return [
        re.sub(r"^\S*/toy/records\.yaml:", "", str(problem)) for problem in caught.value.problems
    ]


# --------------------------------------------------------------------------- what is kept


def test_every_record_is_kept_and_its_evidence(empty: sa.Engine, toy: Path) -> None:
    assert seed(empty, [toy]) == Report(created=33, updated=0, unchanged=0, deleted=0, revision=1)
    found = [Collection(each) for (each,) in rows(empty, m.Record, "collection")]
    assert {each.value: found.count(each) for each in Collection} == {
        "meetings": 2, "series": 1, "participants": 3, "countries": 2, "statements": 1,
        "silences": 1, "disputes": 1, "incidents": 1, "proposals": 1, "relations": 1,
        "assessments": 1, "topics": 2, "sources": 1, "evidence": 14, "places": 1,
    }  # fmt: skip


def test_every_table_is_written(empty: sa.Engine, toy: Path, lore: Path, tmp_path: Path) -> None:
    change(toy, "  - key: talks\n", "  - key: talks\n    former_slugs: [old-talks]\n")
    seed(empty, [toy, lore, echo(tmp_path / "echo")])
    assert [name for name, found in content(empty).items() if not found] == []
    kept = {"record", "contribution", "bundle", "instance"}
    kept |= {str(table.__tablename__) for table in (*MAIN, *OWNERS)}
    # Tables of the service itself hold no knowledge.
    assert kept - set(SQLModel.metadata.tables) == set()


def test_ids_are_derived_and_the_same_everywhere(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    meeting = rows(empty, m.Record, "collection", "key", "id")
    assert (Collection.meetings, "talks-2", record_id(Collection.meetings, "talks-2")) in meeting
    assert record_id(Collection.meetings, "talks-2") == "mtg_3094e814-2320-5df0-b781-3d30043243d3"


def test_a_statement_has_its_meetings_date(empty: sa.Engine, toy: Path, lore: Path) -> None:
    seed(empty, [toy])
    columns = ("date_edtf", "date_as_written", "date_basis", "date_earliest")
    own = [("XXXX-05-02", "May 2", m.DateBasis.stated, None)]
    for table in (m.Statement, m.Silence):
        assert rows(empty, table, *columns) == own
    assert rows(empty, m.ReferenceField) == []
    seed(empty, [lore])
    full = [("2030-05-02", "May 2", m.DateBasis.inferred, date(2030, 5, 2))]
    for table in (m.Statement, m.Silence):
        assert rows(empty, table, *columns) == full
    dated = {"date_start", "date_end", "date_earliest", "date_latest", "date_edtf", "date_basis"}
    assert _reference_fields(empty) == {
        "talks-2": {*dated, "coordinates"},
        "one-on-tariffs": dated,
        "two-on-fish": dated,
        "railway": {f"stages/0/{name}" for name in dated},
        "aaa": {"code", "alpha2", "capital"},
        "fish": {"name"},
    }


def _reference_fields(engine: sa.Engine) -> dict[str, set[str]]:
    keys = {row[0]: row[1] for row in rows(engine, m.Record, "id", "key")}
    found: dict[str, set[str]] = {}
    for owner, name in rows(engine, m.ReferenceField):
        found.setdefault(keys[owner], set()).add(name)
    return found


def test_reference_knowledge_is_marked(empty: sa.Engine, toy: Path, lore: Path) -> None:
    seed(empty, [toy, lore])
    source, reference = m.Basis.source, m.Basis.reference
    names = rows(empty, m.Name, "text", "language", "kind", "basis")
    assert ("Alphaland", "en", m.NameKind.main, source) in names
    assert ("Alphaland", "de", m.NameKind.main, reference) in names
    offices = rows(empty, m.ParticipantOffice, "office", "basis")
    assert offices == [("foreign-minister", reference), ("foreign-minister", source)]
    assert [row[0] for row in rows(empty, m.ParticipantCountry, "basis")] == [reference, source]
    assert (
        sum("二" in found.split() for (found,) in rows(empty, m.SearchDocument, "source_names"))
        == 0
    )
    assert (
        sum("二" in found.split() for (found,) in rows(empty, m.SearchDocument, "reference_names"))
        == 1
    )
    based = {row[0]: row[1] for row in rows(empty, m.Record, "key", "basis")}
    assert (based["fish"], based["aaa"], based["talks-2"]) == (reference, source, source)


def test_what_reference_knowledge_gave_goes_with_it(
    empty: sa.Engine, toy: Path, lore: Path
) -> None:
    seed(empty, [toy])
    before = content(empty)
    seed(empty, [lore])
    (lore / "records.yaml").write_text("topics: []\n", encoding="utf-8")
    report = seed(empty, [lore])
    assert (report.created, report.updated, report.deleted) == (0, 6, 1)
    assert content(empty) == before


def test_a_country_is_addressed_by_its_code(empty: sa.Engine, toy: Path, lore: Path) -> None:
    change(lore, "code: AAA", "code: ALP")
    seed(empty, [toy, lore])
    assert ("aaa", "alp") in rows(empty, m.Record, "key", "slug")


def test_a_topic_stands_below_all_above_it(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    trade, tariffs = (record_id(Collection.topics, key) for key in ("trade", "tariffs"))
    assert set(rows(empty, m.TopicPath, "ancestor_id", "topic_id", "depth")) == {
        (trade, trade, 0), (tariffs, tariffs, 0), (trade, tariffs, 1),
    }  # fmt: skip


def test_a_proposal_has_the_furthest_of_its_stages(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    assert rows(empty, m.Proposal, "stage", "voice") == [(m.ProposalStage.agreed, m.Voice.official)]
    assert rows(empty, m.ProposalStageRow, "position", "stage", "date_edtf") == [
        (0, m.ProposalStage.agreed, "XXXX-05-02"),
        (1, m.ProposalStage.suggested, None),
    ]


def test_the_parties_of_an_undirected_relation_are_in_order(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    parties = rows(empty, m.RelationParty, "position", "country_id")
    assert parties == [
        (i, record_id(Collection.countries, k)) for i, k in enumerate(("aaa", "bbb"))
    ]


def test_meetings_are_ranked(empty: sa.Engine, toy: Path, lore: Path) -> None:
    seed(empty, [toy, lore])
    second, third = (record_id(Collection.meetings, f"talks-{n}") for n in (2, 3))
    ranked = rows(empty, m.MeetingSeries, "meeting_id", "ordinal", "rank")
    assert set(ranked) == {(second, 2, 1), (third, None, 2)}


def test_evidence_is_a_record_of_its_own(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    with read(empty) as session:
        found = session.exec(
            select(m.Record, m.Evidence)
            .join(m.Evidence, col(m.Evidence.id) == m.Record.id)
            .where(m.Evidence.part == "stages/agreed")
        ).one()
    record, evidence = found
    assert record.key == f"proposals-railway-stages-agreed-{evidence.sha256[:8]}"
    assert record.label == "Paragraph 2, sentence 2 of The Toy Times"
    assert (record.slug, record.name) == (record.key, None)
    assert evidence.record_id == record_id(Collection.proposals, "railway")
    # Two quotation marks before it are a code point and three bytes each.
    at = TEXT.index("agreed on a railway")
    assert (evidence.start_code_point, evidence.start_utf16, evidence.start_utf8) == (
        at, at, at + 4,
    )  # fmt: skip
    assert evidence.passage == "agreed on a railway"


def test_keys_of_evidence_are_unique(empty: sa.Engine, tmp_path: Path) -> None:
    other = (
        "  - key: talks-2-ordinal\n    label: Other talks\n    level: other\n    status: held\n"
        "    evidence:\n      - {source: toy-times, words: second Alpha-Beta Talks}\n"
    )
    seed(empty, [sealed(tmp_path / "toy", RECORDS.replace("meetings:\n", f"meetings:\n{other}"))])
    keys = [key for (key,) in rows(empty, m.Record, "key") if "talks-2-ordinal-" in key]
    assert [key.rpartition("ordinal-")[2] for key in keys] == ["718828a4", "718828a4-2"]


def test_records_are_found_by_their_words(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    keys = {row[0]: row[1] for row in rows(empty, m.Record, "id", "key")}
    found: dict[str, set[str]] = {}
    for owner, *columns in rows(empty, m.SearchDocument, "record_id", *SEARCH_COLUMNS):
        for term in " ".join(columns).split():
            found.setdefault(term, set()).add(keys[owner].partition("-")[0])
    assert found["inseln"] == {"egg", "boat"}
    assert found["bridge"] == {"railway"}
    assert found["press"] == {"toy"}
    assert found["fall"] == {"one", "statements"}


def test_names_of_what_a_record_refers_to_find_it(empty: sa.Engine, toy: Path, lore: Path) -> None:
    seed(empty, [toy, lore])
    keys = {row[0]: row[1] for row in rows(empty, m.Record, "id", "key")}
    told = {
        keys[owner]: (source.split(), reference.split())
        for owner, source, reference in rows(
            empty, m.SearchDocument, "record_id", "source_text", "reference_text"
        )
    }
    source, reference = told["talks-2"]
    assert {"alphaland", "alphaville", "ann"} <= set(source)
    assert "二" in reference
    assert "二" not in source


def test_a_new_name_changes_documents_and_not_the_records_that_refer_to_it(
    empty: sa.Engine, toy: Path, tmp_path: Path
) -> None:
    seed(empty, [toy])
    before = {row[0]: row[1:] for row in rows(empty, m.Record, "key", "version", "updated_at")}
    other = "countries:\n  - {key: aaa, names: [{text: Alphia, language: en, kind: alias}]}\n"
    report = seed(empty, [bundle(tmp_path / "more", other, "bundle: more\nbasis: reference\n")])
    assert (report.created, report.updated, report.deleted) == (0, 1, 0)
    after = {row[0]: row[1:] for row in rows(empty, m.Record, "key", "version", "updated_at")}
    assert {key for key in after if after[key] != before[key]} == {"aaa"}
    keys = {row[0]: row[1] for row in rows(empty, m.Record, "id", "key")}
    found = {
        keys[owner]
        for owner, *columns in rows(empty, m.SearchDocument, "record_id", *SEARCH_COLUMNS)
        if "alphia" in " ".join(columns).split()
    }
    assert {"aaa", "talks", "talks-2", "egg-islands"} <= found


def test_what_is_too_long_to_be_found_is_refused(
    empty: sa.Engine, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seeds.documents.AT_MOST", 200)
    with pytest.raises(BundleError, match=r"meetings/talks-2: it says more than search can hold"):
        seed(empty, [toy])
    assert rows(empty, m.Record) == []


# ------------------------------------------------------------------------- seeding again


def test_seeding_again_writes_nothing(empty: sa.Engine, toy: Path, lore: Path) -> None:
    first = seed(empty, [toy, lore])
    before = rows(empty, m.Record)
    again = seed(empty, [lore, toy])
    assert again == Report(0, 0, first.created, 0, first.revision)
    assert rows(empty, m.Record) == before


def test_a_change_touches_what_it_changes(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    before = history(empty)
    change(toy, "text: Both claim", "text: Each claims")
    report = seed(empty, [toy])
    assert (report.created, report.updated, report.deleted, report.revision) == (0, 1, 0, 2)
    after = history(empty)
    (changed,) = (key for key in after if after[key] != before[key])
    assert changed == record_id(Collection.disputes, "egg-islands")
    created, updated, version = after[changed]
    assert (created, version) == (before[changed][0], 2)
    assert updated > before[changed][1]
    assert rows(empty, m.Dispute, "text") == [("Each claims the islands.",)]


def test_what_follows_from_a_change_is_updated_too(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    change(toy, "edtf: XXXX-05-02", 'edtf: "2030-05-02"')
    # The meeting, the statement and the silence at it, and the stage of the proposal.
    assert seed(empty, [toy]).updated == 4
    assert rows(empty, m.Statement, "date_start") == [(date(2030, 5, 2),)]


def test_a_comment_changes_no_record(empty: sa.Engine, toy: Path) -> None:
    first = seed(empty, [toy])
    change(toy, "text: Both claim", "# A comment.\n    text: Both claim")
    assert seed(empty, [toy]) == Report(0, 0, first.created, 0, 2)


def test_what_no_bundle_tells_any_more_is_deleted(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    for key in ("one-on-tariffs", "ministers"):
        drop(toy, key)
    assert seed(empty, [toy]).deleted == 4
    assert (rows(empty, m.Statement), rows(empty, m.StatementQuote)) == ([], [])
    assert [row for row in rows(empty, m.Contribution, "key") if row == ("ministers",)] == []


def test_a_bundle_without_records_takes_back_what_it_told(empty: sa.Engine, toy: Path) -> None:
    told = seed(empty, [toy]).created
    (toy / "records.yaml").unlink()
    assert seed(empty, [toy]) == Report(0, 0, 0, told, 2)


def test_what_others_refer_to_is_not_deleted(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    drop(toy, "talks")
    found = problems(empty, toy)
    assert [line.partition(": ")[2] for line in found] == [
        "meetings/talks-2: series.1.series: no bundle tells of series/talks",
        "meetings/talks-3: series.1.series: no bundle tells of series/talks",
    ]


def test_what_an_earlier_bundle_refers_to_is_not_deleted(
    empty: sa.Engine, toy: Path, lore: Path
) -> None:
    seed(empty, [toy, lore])
    (toy / "records.yaml").write_text("topics: [{key: trade, name: Trade}]\n", encoding="utf-8")
    before = "bundle lore, as seeded before"
    assert problems(empty, toy) == [
        f"{before}: countries/aaa: kind: is missing: no bundle says it",
        f"{before}: meetings/talks-2: level: is missing: no bundle says it",
        f"{before}: meetings/talks-2: status: is missing: no bundle says it",
        f"{before}: participants/bo-two: kind: is missing: no bundle says it",
    ]


def test_slugs_change_hands(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    change(toy, "  - key: ann-one\n", "  - key: ann-one\n    slug: bo-two\n")
    change(toy, "  - key: bo-two\n", "  - key: bo-two\n    slug: ann-one\n")
    assert seed(empty, [toy]).updated == 2
    slugs = rows(empty, m.Record, "collection", "key", "slug")
    assert (Collection.participants, "ann-one", "bo-two") in slugs
    assert (Collection.participants, "bo-two", "ann-one") in slugs


def test_a_new_record_takes_the_slug_of_a_deleted_one(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    change(toy, "  - key: growth\n", "  - key: more\n    slug: growth\n")
    assert (seed(empty, [toy]).deleted, len(rows(empty, m.Assessment))) == (2, 1)


def test_topics_change_places(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    change(toy, "{key: trade, name: Trade}", "{key: trade, name: Trade, parent: tariffs}")
    change(toy, "{key: tariffs, name: Tariffs, parent: trade}", "{key: tariffs, name: Tariffs}")
    assert seed(empty, [toy]).updated == 2
    trade, tariffs = (record_id(Collection.topics, key) for key in ("trade", "tariffs"))
    assert (tariffs, trade, 1) in rows(empty, m.TopicPath, "ancestor_id", "topic_id", "depth")


def test_the_order_of_bundles_is_of_no_account(
    databases: Databases, migrated: str, tmp_path: Path, toy: Path
) -> None:
    more = "countries: [{key: aaa, names: [{text: Alfaland, language: nl}]}]\n"
    folders = [
        toy,
        bundle(tmp_path / "lore", REFERENCE, REFERENCE_HEADER),
        bundle(tmp_path / "more", more, "bundle: more\nbasis: source\n"),
    ]
    states = []
    for order in (folders, folders[::-1]):
        for engine in _empty(databases, migrated):
            seed(engine, order)
            states.append(content(engine))
    for engine in _empty(databases, migrated):
        for folder in folders:
            seed(engine, [folder])
        states.append(content(engine))
    assert all(state == states[0] for state in states)


def test_a_plan_that_another_writer_overtook_is_made_again(
    empty: sa.Engine, toy: Path, lore: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(empty, [toy])
    plan = load._plan

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(load, "_plan", plan)
        made = plan(*arguments)
        change(toy, "text: Both claim", "text: Each claims")
        seed(empty, [toy])
        return made

    monkeypatch.setattr(load, "_plan", overtaken)
    report = seed(empty, [lore])
    assert (report.updated, report.revision) == (6, 3)
    assert rows(empty, m.Dispute, "text") == [("Each claims the islands.",)]


def test_statistics_are_renewed(empty: sa.Engine, toy: Path) -> None:
    seed(empty, [toy])
    if empty.dialect.name == "sqlite":
        with empty.connect() as connection:
            found = connection.exec_driver_sql("SELECT DISTINCT tbl FROM sqlite_stat1").scalars()
            assert {"record", "search_document", "statement_speaker"} <= set(found)


def test_the_bundles_of_the_program_are_the_default(empty: sa.Engine) -> None:
    first = seed(empty)
    assert {row[0] for row in rows(empty, m.Bundle, "name")} == {"topics", "article", "reference"}
    assert seed(empty).unchanged == first.created


# ------------------------------------------------------------------------- what is refused


def test_a_bad_bundle_is_refused_whole_with_every_error(empty: sa.Engine, toy: Path) -> None:
    change(toy, "kind: group", "kind: grupe")
    change(toy, "status: active", "state: active")
    change(toy, "speakers: [ann-one]", "speakers: [an-one]")
    change(toy, "part: stages/agreed", "part: stages/agree")
    change(toy, "parent: trade", "parent: tariffs")
    assert problems(empty, toy) == [
        "25: topics/tariffs: the record is above itself",
        (
            "77: participants/ministers: kind: 'grupe' is none of person, delegation, state, "
            "organization, group, unnamed; did you mean 'group'?"
        ),
        (
            "84: statements/one-on-tariffs: speakers.1: no bundle tells of participants/an-one; "
            "did you mean 'ann-one'?"
        ),
        (
            "109: disputes/egg-islands: state: there is no such field; there are key, slug, "
            "former_slugs, name, label, names, evidence, kind, status, voice, text, parties, "
            "administrator, topics, coordinates; did you mean 'status'?"
        ),
        (
            "129: proposals/railway: evidence carries the part 'stages/agree', which the "
            "record has not; it has addressees, addressees/bbb, items, items/bridge, kind, "
            "meeting, origin, "
            "proposers, proposers/ann-one, stages, stages/agreed, stages/suggested, text; "
            "did you mean 'stages/agreed'?"
        ),
    ]


TOPIC = "topics:\n"
REFUSED = [
    (TOPIC, TOPIC + "  - {key: a b, name: A}\n", "key: 'a b' does not fit: keys and slugs are "),
    (TOPIC, TOPIC + "  - {key: a, name: A, slug: facets}\n", "slug: 'facets' is the address of "),
    (TOPIC, TOPIC + "  - {key: pivot, name: A}\n", "'pivot' is the address of counts"),
    (TOPIC, TOPIC + "  - {key: facets, name: A}\n", "'facets' is the address of counts"),
    (TOPIC, TOPIC + "  - {key: a, name: A, slug: trade}\n", "the slug 'trade' is that of bundle"),
    (
        TOPIC,
        TOPIC + "  - {key: a, name: A, former_slugs: [trade]}\n",
        "the slug 'trade' is that of",
    ),
    (TOPIC, TOPIC + "  - {key: a, name: A, former_slugs: [a]}\n", "the slug 'a' is that of bundle"),
    (TOPIC, TOPIC + "  - {key: a}\n", "a record needs a name or a label"),
    (TOPIC, "wars:\n  - {key: a}\n" + TOPIC, "'wars' is none of the collections "),
    ("name: Betaland", "name: Betaland, code: bbb", "code: 'bbb' does not fit: a code is three"),
    ("name: Betaland", "name: Betaland, code: BET, slug: bbb", "the slug of a country with a code"),
    ("host: aaa", "host: aa", "host: no bundle tells of countries/aa; did you mean 'aaa'?"),
    (
        "target: topics/tariffs",
        "target: topic/tariffs",
        "stances.1.target: no collection 'topic'; ",
    ),
    ("target: topics/tariffs", "target: tariffs", "a target is written as collection/key"),
    ("used_by: bbb", "used_by: ccc", "names.1.used_by: no bundle tells of countries/ccc"),
    (", used_by: bbb", "", "names.1: a name of kind usage, and no other, says which country it is"),
    (
        "used_by: bbb}\n",
        "used_by: bbb}\n      - {text: E, language: en}\n",
        "two main names in the",
    ),
    ("members: [ann-one, ", "members: [ministers, ", "the record is above itself"),
    ("XXXX-05-02", "XXXX-05-32", "date.edtf: not a date that is understood"),
    ("{country: aaa, role: claimant}", "{country: bbb}", "parties has more than one entry for bbb"),
    (
        "quotes: [tariffs must fall]",
        "quotes: [tariffs fell]",
        "'tariffs fell' is in quotes and not",
    ),
    ("own_words: true", "own_words: yes", "own_words: Input should be a valid boolean"),
    ("rights: excerpts", "rights: metadata_only", "the rights of toy-times do not allow its "),
    ("language: en\n", "language: english\n", "a language is written as a BCP 47 tag such as"),
    ("kind: mixed", "kind: paraphrase", "a direct or mixed statement has quotes, a paraphrase has"),
]


@on_sqlite
@pytest.mark.parametrize(("old", "new", "message"), REFUSED)
def test_each_rule_of_the_format(
    empty: sa.Engine, toy: Path, old: str, new: str, message: str
) -> None:
    change(toy, old, new)
    found = problems(empty, toy)
    assert [line for line in found if message in line] != [], found


def test_evidence_must_be_sealed(empty: sa.Engine, tmp_path: Path) -> None:
    found = problems(empty, bundle(tmp_path / "toy", RECORDS))
    assert found[:3] == [
        f"2: sources/toy-times: {name}: is missing: no bundle says it"
        for name in ("characters", "outline", "sha256")
    ]
    unsealed = [line for line in found if "not sealed yet: run `communique seal`" in line]
    assert len(unsealed) == 14


def test_evidence_must_lie_in_its_sentence(empty: sa.Engine, toy: Path) -> None:
    change(toy, "start: [195, 195, 199]", "start: [175, 175, 179]")
    assert problems(empty, toy) == [
        (
            "143: proposals/railway: evidence.1: characters 175 to 214 are not within paragraph 2, "
            "sentence 2 of toy-times, which is 176 to 215: seal the evidence again"
        ),
    ]


def test_sources_must_agree_where_one_cites_no_passage(
    empty: sa.Engine, toy: Path, tmp_path: Path
) -> None:
    other = bundle(
        tmp_path / "other",
        "meetings: [{key: talks-2, host: bbb}]\n",
        "bundle: zeta\nbasis: source\n",
    )
    (found,) = problems(empty, toy, other)
    assert found.replace(str(tmp_path), "") == (
        "39: meetings/talks-2: host is 'aaa' in bundle toy (/toy/records.yaml:34) and 'bbb' in "
        "bundle zeta (/other/records.yaml:1): they must say the same, or one of them must leave "
        "it out"
    )


def test_reference_knowledge_only_fills_in(empty: sa.Engine, toy: Path, lore: Path) -> None:
    change(lore, 'edtf: "2030-05-02"', 'edtf: "2030-05-03"')
    assert problems(empty, toy, lore) == [
        (
            "38: meetings/talks-2: date.edtf is 'XXXX-05-02' in a source, and reference knowledge "
            "says '2030-05-03': it may only put digits in the place of X"
        ),
    ]


def test_bundles_have_names_of_their_own(empty: sa.Engine, toy: Path, tmp_path: Path) -> None:
    twin = bundle(tmp_path / "twin", "topics: []\n")
    (found,) = problems(empty, toy, twin)
    assert found.endswith("/twin/bundle.yaml:1: another of the bundles is also named 'toy'")


def test_a_bundle_describes_itself(empty: sa.Engine, tmp_path: Path) -> None:
    found = problems(
        empty, bundle(tmp_path / "toy", "topics: []\n", "bundle: A\nbasis: source\nlicence: x\n")
    )
    assert [line.rpartition("/bundle.yaml:")[2] for line in found] == [
        (
            "1: bundle: 'A' does not fit: keys and slugs are lower-case ASCII letters and digits "
            "with single hyphens between"
        ),
        (
            "1: licence: there is no such field; there are bundle, basis, title, description, "
            "license, attribution; did you mean 'license'?"
        ),
    ]
