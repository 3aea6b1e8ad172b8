"""Suggestions: whoever writes a name, in whatever script and spelling, finds the record first."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Databases, disposing
from reading import PUBLIC_URL, Json, read, read_url, refused
from sqlmodel import Session, SQLModel, col
from starlette.testclient import TestClient

from app.db import create_engine, write
from app.db import read as reading
from app.models import Basis, KeyKind, Named, NameKey
from app.names import looking
from app.names.finding import Among, Hit, MatchKind, find
from app.names.keys import Asked
from app.names.matched import where
from app.names.pieces import mistakes, name_of, pieces, probes, swaps
from app.query.context import Context
from seeds.load import seed

CHO, WANG, IWAYA, TRUMP = "cho-tae-yul", "wang-yi", "iwaya-takeshi", "donald-trump"
DOKDO, SENKAKU = "dokdo-takeshima-islands", "senkaku-diaoyu-islands"

FOUND_FIRST = [
    ("조태열", CHO, "same_name"),
    ("독도", DOKDO, "same_name"),
    ("wang yi", WANG, "same_name"),
    ("WANGYI", WANG, "same_name"),
    ("Yi Wang", WANG, "same_spelling"),
    ("diaoyudao", SENKAKU, "same_name"),
    ("diaoyu tai", SENKAKU, "same_spelling"),
    ("钓鱼岛", SENKAKU, "same_name"),
    ("釣魚島", SENKAKU, "same_name"),
    ("释鱼", None, None),
    ("尖阁诸岛", SENKAKU, "same_name"),
    ("竹島", DOKDO, "same_name"),
    ("Cho Tae-yul", CHO, "same_name"),
    ("Jo Tae-yeol", CHO, "same_name"),
    ("Tae-yul Cho", CHO, "same_spelling"),
    ("Cho T'ae-yŏl", CHO, "sound"),
    ("Jo Tae-yul", CHO, "sound"),
    ("Dokto", DOKDO, "sound"),
    ("Tokto", DOKDO, "sound"),
    ("Tiaoyutai", SENKAKU, "sound"),
    ("T'iao-yü-t'ai", SENKAKU, "sound"),
    ("Iwaya Takesi", IWAYA, "sound"),
    ("いわや たけし", IWAYA, "sound"),
    ("王怡", WANG, "sound"),
    ("𠮷野", None, None),
    ("Iwaya Takshi", IWAYA, "typing_mistake"),
    ("Iwyaa Takehsi", IWAYA, "typing_mistake"),
    ("Wnag Yi", WANG, "typing_mistake"),
    ("Wang Yy", WANG, "typing_mistake"),
    ("Wang Yiy", WANG, "typing_mistake"),
    ("Dokod", DOKDO, "typing_mistake"),
    ("Senkaku Ilands", SENKAKU, "typing_mistake"),
    ("Trump", TRUMP, "prefix"),
    ("trump, donald", TRUMP, "same_spelling"),
    ("teuleompeu", None, None),
    ("특별", None, None),
    ("tae-y", CHO, "prefix"),
    ("Iwa", IWAYA, "prefix"),
    ("岩", IWAYA, "prefix"),
    ("特朗", TRUMP, "prefix"),
    ("liancourt", DOKDO, "prefix"),
    ("jpn", "jpn", "same_name"),
    ("JP", "jpn", "same_name"),
    ("Pyongyang", "prk", "same_name"),
    ("平壤", "prk", "same_name"),
    ("Republic of Korea", "kor", "same_name"),
    ("meeting", "trilateral-foreign-ministers-meeting-11", "prefix"),
]


def suggested(client: TestClient, q: str, /, **asked: Any) -> list[Json]:
    """What is suggested."""
    items: list[Json] = read(client, "/v1/suggest", q=q, **asked)["items"]
    return items


@pytest.mark.parametrize(("q", "slug", "match"), FOUND_FIRST)
def test_a_name_finds_its_record_first(
    client: TestClient, q: str, slug: str | None, match: str | None
) -> None:
    first = next(iter(suggested(client, q)), {"slug": None, "match": None})
    assert (first["slug"], first["match"]) == (slug, match)


def test_a_suggestion_is_told_whole(client: TestClient) -> None:
    [item] = suggested(client, "tae-yul", lang="ko", names_by="KOR")
    person = read(client, f"/v1/participants/{CHO}", lang="ko")
    assert item == {
        "collection": "participants",
        "id": person["id"],
        "slug": CHO,
        "name": "조태열",
        "label": person["label"],
        "match": "prefix",
        "matched": {"text": "Cho Tae-yul", "language": "en", "ranges": [[4, 11]]},
        "url": f"{PUBLIC_URL}/v1/participants/{CHO}?lang=ko&names_by=KOR",
    }
    assert read_url(client, item["url"])["name"] == "조태열"


@pytest.mark.parametrize(
    ("text", "q", "expected"),
    [
        ("Cho Tae-yul", "tae yul", (4, 11)),
        ("Cho Tae-yul", "CHO", (0, 3)),
        ("第11回日中韓外相会議", "外相", (7, 9)),
        ("Senkaku/Diaoyu Islands", "diaoyu", (8, 14)),
        ("Ｗａｎｇ Yi", "wang", (0, 4)),
        ("王毅", "wang", (0, 2)),
        ("U.S.", "us", (0, 3)),
        ("", "us", (0, 0)),
    ],
)
def test_where_in_a_name_it_stands(text: str, q: str, expected: tuple[int, int]) -> None:
    assert where(text, Asked(q).written) == expected


@pytest.mark.parametrize(
    ("q", "slug", "text"),
    [
        ("왕", WANG, "왕이"),
        ("王", WANG, "王毅"),
        ("北", "chn", "北京"),
        ("독", DOKDO, "독도/다케시마"),
    ],
)
def test_a_written_name_comes_before_a_reading(
    client: TestClient, q: str, slug: str, text: str
) -> None:
    found = {one["slug"]: one["matched"] for one in suggested(client, q)}
    assert (found[slug]["text"], found[slug]["ranges"]) == (text, [[0, 1]])


def test_what_most_refer_to_comes_first(client: TestClient) -> None:
    found = [(one["collection"], one["slug"]) for one in suggested(client, "north korea")]
    assert found[:2] == [("topics", "north-korea"), ("countries", "prk")]


def test_what_is_written_so_comes_before_syllables_of_readings(client: TestClient) -> None:
    assert [one["slug"] for one in suggested(client, "w", limit=3)] == ["usa", WANG, "ukraine-war"]


def test_only_some_collections_and_one_country(client: TestClient) -> None:
    def slugs(**asked: str) -> list[str]:
        return [one["slug"] for one in suggested(client, "china", **asked)]

    assert slugs() == ["chn", "china-coast-guard"]
    assert slugs(collection="participants") == ["china-coast-guard"]
    assert slugs(collection="participants,countries") == ["chn", "china-coast-guard"]
    assert slugs(collection="!countries") == ["china-coast-guard"]
    assert slugs(collection="countries,!countries") == []
    assert slugs(country="JPN") == []
    assert slugs(country="cn") == ["chn", "china-coast-guard"]
    assert slugs(country="CHN", collection="topics") == []


def test_without_reference_knowledge_only_names_that_sources_state(client: TestClient) -> None:
    assert suggested(client, "王毅", basis="source")[0]["matched"]["text"] == "Wang Yi"
    assert suggested(client, "조태열", basis="source")[0]["match"] == "sound"
    assert suggested(client, "尖閣", basis="source") == []
    assert suggested(client, "JPN", basis="source") == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "missing"),
        ({"q": ""}, "empty_value"),
        ({"q": " -・ "}, "empty_value"),
        ({"q": "a" * 201}, "too_long"),
        ({"q": "\x00\t\u202e"}, "empty_value"),
        ({"q": "a", "country": "CHN,JPN"}, "unsuitable_parameter"),
        ({"q": "a", "country": "!CHN"}, "unsuitable_parameter"),
        ({"q": "a", "limit": 0}, "out_of_range"),
        ({"q": "a", "limit": 51}, "out_of_range"),
        ({"q": "a", "collection": "places"}, "unknown_value"),
        ({"q": "a", "collection": "!places"}, "unknown_value"),
        ({"q": "a", "country": "nowhere"}, "unknown_reference"),
        ({"q": "a", "cuntry": "JPN"}, "unknown_parameter"),
        ({"q": ["a", "b"]}, "repeated_parameter"),
        ({"q": "a", "basis": "sauce"}, "unknown_value"),
    ],
)
def test_what_cannot_be_asked(client: TestClient, asked: Json, code: str) -> None:
    assert code in [one["code"] for one in refused(client, "/v1/suggest", **asked)["errors"]]


@pytest.mark.parametrize("q", ["wang\tyi", "\u202eWang Yi\u202c", " Wang\r\nYi "])
def test_what_is_copied_along_is_left_out(client: TestClient, q: str) -> None:
    assert [one["slug"] for one in suggested(client, q, limit=1)] == [WANG]


# ------------------------------------------------------------------------- typing mistakes


@pytest.mark.parametrize("name", ["wangyi", "dokdo", "iwayatakeshi", "chotaeyul", "abcdefgh"])
def test_every_mistake_leaves_a_piece_or_is_a_swap(name: str) -> None:
    assert len(list(pieces(name))) == mistakes(len(name)) + 1
    for typed in edits(name):
        begins = tuple(probes(typed))
        kept = [piece for piece in pieces(name) if piece.startswith(begins)]
        assert kept or name in swaps(typed)
        assert {name_of(piece) for piece in kept} <= {name}


def edits(name: str) -> Iterator[str]:
    """A name with one mistake of each kind at each place."""
    for at in range(len(name) + 1):
        yield f"{name[:at]}x{name[at:]}"
        yield f"{name[:at]}{name[at + 1 :]}"
        yield f"{name[:at]}x{name[at + 1 :]}"
        yield f"{name[:at]}{name[at + 1 : at + 2]}{name[at : at + 1]}{name[at + 2 :]}"


def test_two_mistakes_are_found_in_long_names_alone(client: TestClient) -> None:
    assert suggested(client, "Iwxya Takeshx")[0]["slug"] == IWAYA
    assert suggested(client, "Wxng Yx") == []
    assert suggested(client, "Iwxyx Takeshx") == []


# --------------------------------------------------------- against a plain look at every key


Rows = tuple[dict[str, Any], Sequence[Any], Sequence[Any]]
"""The rows of Named, by id, of NameKey and of NamedCountry."""


def plainly(rows: Rows, asked: Asked, among: Among, limit: int) -> list[tuple[str, str]]:
    """The records found by a look at every key, and in what way."""
    named, keys, countries = rows
    stated = among.context.source_only
    states = {
        row.record_id
        for row in countries
        if row.country_id == among.country and (row.basis is Basis.source or not stated)
    }
    best: dict[str, int] = {}
    for row in keys:
        step = step_of(row.key, row.kind, asked)
        if step is None or (stated and row.basis is Basis.reference):
            continue
        here = not among.country or row.record_id in states
        if here and (not among.collections or named[row.record_id].collection in among.collections):
            best[row.record_id] = min(step, best.get(row.record_id, step))
    order = sorted((step, named[id].standing, named[id].sort_name, id) for id, step in best.items())
    return [(id, STEPS[step]) for step, _, _, id in order][:limit]


def rows_of(session: Session) -> Rows:
    named, keys, countries = (
        session.execute(sa.select(SQLModel.metadata.tables[name])).all()
        for name in ("named", "name_key", "named_country")
    )
    return {one.record_id: one for one in named}, keys, countries


STEPS = ("same_name", "same_spelling", "prefix", "prefix", "sound", "sound")


def step_of(key: str, kind: KeyKind, asked: Asked) -> int | None:
    """How sure a key is, from 0; None where it is not meant."""
    steps = (
        kind in ("name", "code") and key == asked.written,
        kind == "spelling" and key == asked.written,
        kind in ("name", "word") and key.startswith(asked.written),
        kind in ("spelling", "part") and key.startswith(asked.written),
        kind in ("sound", "name") and key in (*asked.sounds, *asked.latin),
        kind == "sound" and any(key.startswith(one) and len(one) > 4 for one in asked.sounds),
    )
    return next((number for number, met in enumerate(steps) if met), None)


def test_however_many_there_are_the_order_is_the_same(
    crowded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with disposing(create_engine(crowded)) as engine, reading(engine) as session:
        rows = rows_of(session)
        country = rows[2][0].country_id
        for source_only, asked in product((False, True), ("a", "island", "keel", "lagoon mandat")):
            context = Context(session, "", source_only=source_only)
            for narrowed in ({}, {"collections": ["meetings", "topics"]}, {"country": country}):
                expected = plainly(rows, Asked(asked), Among(context, **narrowed), 15)
                for few in (0, 20, 1000):
                    monkeypatch.setattr(looking, "FEW", few)
                    looking.counting.cache_clear()
                    found = find(Among(context, **narrowed), Asked(asked), 15)
                    assert [(hit.record_id, hit.kind.value) for hit in found] == expected


def test_the_crowd_has_enough_for_that(crowd: TestClient) -> None:
    assert len(suggested(crowd, "a", limit=50)) == 50


# ----------------------------------------------------------------------------- seeding


def test_names_follow_their_records(databases: Databases, migrated: str, tmp_path: Any) -> None:
    url = databases.copy(migrated)

    def told(*topics: str) -> list[tuple[str, int]]:
        folder = tmp_path / "bundle"
        folder.mkdir(exist_ok=True)
        (folder / "bundle.yaml").write_text(BUNDLE, "utf-8")
        (folder / "topics.yaml").write_text("topics:\n" + "".join(topics), "utf-8")
        with disposing(create_engine(url)) as engine:
            seed(engine, [folder])
            with reading(engine) as session:
                query = sa.select(col(Named.sort_name), col(Named.standing))
                return [tuple(row) for row in session.execute(query.order_by("sort_name"))]

    one = "- key: rivers\n  name: Rivers\n"
    assert told(one) == [("rivers", 0)]
    other = "- key: dams\n  name: Dams\n  parent: rivers\n"
    assert told(one, other) == [("dams", 0), ("rivers", -1)]
    assert told(one.replace("Rivers", "Streams")) == [("streams", 0)]


BUNDLE = "bundle: rivers\nbasis: reference\nlicense: CC0-1.0\n"


def test_only_what_changed_is_written(databases: Databases, seeded: str) -> None:
    url = databases.copy(seeded)
    with disposing(create_engine(url)) as engine:
        before = keys_of(engine)
        with write(engine) as session:
            session.execute(sa.update(Named).where(col(Named.standing) == 0).values(sha256=""))
            session.execute(
                sa.delete(NameKey).where(
                    col(NameKey.record_id).in_(
                        sa.select(col(Named.record_id)).where(col(Named.sha256) == "")
                    )
                )
            )
        assert keys_of(engine) < before
        seed(engine)
        assert keys_of(engine) == before


def keys_of(engine: sa.Engine) -> set[tuple[Any, ...]]:
    with reading(engine) as session:
        return {tuple(row) for row in session.execute(sa.select(NameKey.__table__))}  # type: ignore[attr-defined]


def test_a_hit_is_a_plain_value() -> None:
    assert Hit("a", MatchKind.sound, 0) == ("a", "sound", 0)
