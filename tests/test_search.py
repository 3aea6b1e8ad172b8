"""Search: every record that holds every word, on each database the same; names before prose."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from conftest import Databases, client_of, disposing, service
from hypothesis import given
from hypothesis import strategies as st
from reading import local
from starlette.testclient import TestClient

from app.db import create_engine, read, write
from app.models import SERVED, Basis, Collection, Record, SearchDocument
from app.query.highlights import AT_MOST, LENGTH, LookedFor, Marked, Passage, choose, cut, places
from app.query.matching import found as found_in_documents
from app.query.terms import apart, is_run, query_terms, terms, tokens, whole
from app.search import matches
from app.search import search as searching
from app.search.ranking import Kind
from seeds.documents import Document, too_long

ABOUT_WANG = {
    "participants": ["trilateral-foreign-ministers", "wang-yi"],
    "meetings": ["trilateral-foreign-ministers-meeting-11"],
    "statements": [
        "wang-on-communication-and-trust",
        "wang-on-development-potential",
        "wang-on-economic-integration",
        "wang-on-export-controls",
        "wang-on-trade-and-fta",
    ],
    "silences": ["wang-on-north-korea-and-the-war"],
    "proposals": [
        "communication-and-trust",
        "export-controls-mechanism",
        "regional-economic-integration",
        "stronger-trade-cooperation",
    ],
}
ABOUT_NORTH_KOREA = {
    "countries": ["prk"],
    "statements": ["cho-on-north-korea", "iwaya-on-denuclearization", "iwaya-on-north-korea"],
    "silences": ["wang-on-north-korea-and-the-war"],
    "relations": ["close-ties-chn-prk", "military-cooperation-prk-rus", "support-prk-rus"],
    "assessments": ["alliances-as-backdrop"],
}
ABOUT_SENKAKU = {
    "disputes": ["senkaku-diaoyu-islands"],
    "incidents": ["china-coast-guard-senkaku-incursion"],
}
ABOUT_DOKDO = {"disputes": ["dokdo-takeshima-islands"]}
ABOUT_FREE_TRADE = {
    "topics": ["free-trade-agreement"],
    "statements": ["wang-on-economic-integration", "wang-on-trade-and-fta"],
    "proposals": ["regional-economic-integration"],
    # It was about this topic.
    "meetings": ["trilateral-foreign-ministers-meeting-11"],
}
ABOUT_DENUCLEARIZATION = {
    "topics": ["denuclearization"],
    "statements": ["iwaya-on-denuclearization"],
    "meetings": ["trilateral-foreign-ministers-meeting-11"],
}
ABOUT_WANG_AND_TRADE = {
    "statements": ["wang-on-economic-integration", "wang-on-trade-and-fta"],
    "proposals": ["regional-economic-integration", "stronger-trade-cooperation"],
    "meetings": ["trilateral-foreign-ministers-meeting-11"],
}


def search(client: TestClient, q: str, **asked: Any) -> Any:
    """The answer to a search."""
    answer = client.get("/v1/search", params={"q": q, "limit": 200, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def found(client: TestClient, q: str, **asked: Any) -> dict[str, list[str]]:
    """The slugs that a search finds, by collection, in the order of the alphabet."""
    slugs: dict[str, list[str]] = defaultdict(list)
    for item in search(client, q, **asked)["items"]:
        slugs[item["collection"]].append(item["slug"])
    return {collection: sorted(each) for collection, each in slugs.items()}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("尖閣", ABOUT_SENKAKU),
        ("钓鱼岛", ABOUT_SENKAKU),
        ("Senkaku/Diaoyu", ABOUT_SENKAKU),
        ("독도", ABOUT_DOKDO),
        ("Takeshima", ABOUT_DOKDO),
        ("王毅", ABOUT_WANG),
        ("Wang Yi", ABOUT_WANG),
        ("wang", ABOUT_WANG),
        ("Pyongyang", ABOUT_NORTH_KOREA),
        ("平壌", ABOUT_NORTH_KOREA),
        ("free trade", ABOUT_FREE_TRADE),
        ("FTA", ABOUT_FREE_TRADE),
        ("자유무역협정", ABOUT_FREE_TRADE),
        ("无核化", ABOUT_DENUCLEARIZATION),
        ("非核化", ABOUT_DENUCLEARIZATION),
        ("비핵화", ABOUT_DENUCLEARIZATION),
        ("wang trade", ABOUT_WANG_AND_TRADE),
        ("王毅 贸易", ABOUT_WANG_AND_TRADE),
        ("왕이 무역", ABOUT_WANG_AND_TRADE),
    ],
)
def test_the_article(client: TestClient, q: str, expected: dict[str, list[str]]) -> None:
    assert found(client, q, collection="!evidence") == expected


def test_without_reference_knowledge_names_in_other_scripts_find_nothing(
    client: TestClient,
) -> None:
    for q in ("尖閣", "平壌", "Seoul"):
        assert found(client, q, basis="source") == {}
    # That these letters are read Dokdo is no knowledge of names, and a source calls it so.
    [near] = search(client, "독도", basis="source")["items"]
    assert (near["slug"], near["score"]) == ("dokdo-takeshima-islands", 0.05)
    # That he is called Wang Yi a source says, and these characters are read so.
    assert found(client, "王毅", basis="source") == {"participants": ["wang-yi"]}
    assert found(client, "Pyongyang", basis="source", collection="!evidence") == ABOUT_NORTH_KOREA


# ------------------------------------------------------------------------------- answers


def test_an_item_says_what_was_found_and_where(client: TestClient) -> None:
    [first, *_] = search(client, "王毅")["items"]
    id = first.pop("id")
    assert client.get(f"/v1/participants/{id}").json()["slug"] == "wang-yi"
    assert first == {
        "collection": "participants",
        "slug": "wang-yi",
        "name": "Wang Yi",
        "label": "Wang Yi",
        "score": 1.0,
        "highlights": [
            {
                "field": "names",
                "text": "王毅",
                "ranges": [[0, 2]],
                "marked": "<mark>王毅</mark>",
            }
        ],
    }


def test_names_are_in_the_language_asked_for(client: TestClient) -> None:
    answer = client.get("/v1/search", params={"q": "wang", "lang": "ko", "limit": 1})
    assert answer.json()["items"][0]["name"] == "왕이"
    assert answer.headers["content-language"] == "ko"
    [one] = search(client, "Takeshima", names_by="JPN")["items"]
    assert one["name"] == "Takeshima"


def test_a_name_that_is_asked_for_comes_first_then_names_with_every_word(
    client: TestClient,
) -> None:
    scores = {item["slug"]: item["score"] for item in search(client, "wang")["items"]}
    assert scores.pop("wang-yi") == 1.0
    assert all(0.3 <= score <= 0.6 for score in scores.values())
    first, second = search(client, "senkaku", collection="disputes,incidents")["items"]
    assert (first["slug"], second["slug"]) == (
        "senkaku-diaoyu-islands",
        "china-coast-guard-senkaku-incursion",
    )
    assert 0.75 <= first["score"] <= 0.95
    assert 0.3 <= second["score"] <= 0.6
    assert search(client, "dokdo  TAKESHIMA islands")["items"][0]["score"] == 1.0


def test_counts_are_of_every_collection(client: TestClient) -> None:
    every = search(client, "王毅")
    counts = {name: len(slugs) for name, slugs in ABOUT_WANG.items()}
    assert every["counts"] == dict.fromkeys(SERVED, 0) | counts
    some = search(client, "王毅", collection="statements,silences")
    assert some["counts"] == every["counts"]
    assert {item["collection"] for item in some["items"]} == {"statements", "silences"}
    others = search(client, "王毅", collection="!statements,!silences")
    assert others["counts"] == every["counts"]
    assert ids(some) | ids(others) == ids(every)
    assert ids(some) & ids(others) == set()


def ids(answer: Any) -> set[str]:
    return {item["id"] for item in answer["items"]}


@pytest.mark.parametrize("limit", [1, 7])
def test_pages_are_walked_once(client: TestClient, limit: int) -> None:
    whole = search(client, "China")["items"]
    assert len(whole) > 20
    walked: list[Any] = []
    url: str | None = f"/v1/search?q=China&limit={limit}"
    while url:
        answer = client.get(url)
        walked += answer.json()["items"]
        following = answer.links.get("next", {}).get("url")
        assert (following is None) == (answer.json()["next_cursor"] is None)
        url = following and local(following)
    assert walked == whole


@pytest.mark.parametrize(
    ("limit", "q"), [(1, "China"), (4, "China"), (7, "speaker:wang-yi"), (200, "China -Japan")]
)
def test_what_was_not_compared_follows_the_newest_first(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, limit: int, q: str
) -> None:
    whole = {item["id"]: item for item in search(client, q)["items"]}
    for module in (matches, searching):
        monkeypatch.setattr(module, "NEWEST", 5)
    walked: list[Any] = []
    url: str | None = f"/v1/search?q={quote(q)}&limit={limit}"
    while url:
        answer = client.get(url)
        walked += answer.json()["items"]
        following = answer.links.get("next", {}).get("url")
        url = following and local(following)
    assert len(walked) == len(whole)
    assert {item["id"] for item in walked} == set(whole)
    scores = [item["score"] for item in walked]
    assert scores == sorted(scores, reverse=True)
    compared = [item for item in walked if item["score"] > 0]
    assert 5 <= len(compared) <= 15
    assert all(item["score"] == whole[item["id"]]["score"] for item in compared)
    ids = [item["id"] for item in walked[len(compared) :]]
    with read(client.app.state.engine) as session:  # type: ignore[attr-defined]
        found = session.execute(sa.select(SearchDocument.record_id, SearchDocument.id))  # type: ignore[call-overload]
        numbers = dict(found.all())
    assert ids == sorted(ids, key=lambda id: -numbers[id])
    assert ids or q != "China"


def test_a_cursor_is_of_its_search_alone(client: TestClient) -> None:
    cursor = search(client, "China", limit=1)["next_cursor"]
    same = {"q": "China", "cursor": cursor}
    assert client.get("/v1/search", params=same | {"limit": "3", "lang": "ja"}).status_code == 200
    for other in ({"q": "Japan"}, {"collection": "statements"}, {"basis": "source"}):
        refused = client.get("/v1/search", params=same | other)
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


def test_a_cursor_ends_with_its_revision(copied: str) -> None:
    with client_of(service(copied)) as client:
        cursor = search(client, "China", limit=1)["next_cursor"]
        with disposing(create_engine(copied)) as engine, write(engine) as session:
            session.execute(sa.update(Record).values(version=2))
        answer = client.get("/v1/search", params={"q": "China", "cursor": cursor})
        assert answer.status_code == 400
        assert answer.json()["code"] == "bad_cursor"
        assert "data has changed" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("", "missing", "q"),
        ("q=", "empty_value", "q"),
        ("q=+", "empty_value", "q"),
        ("q=a&q=b", "repeated_parameter", "q"),
        ("q=%00%09%E2%80%AE", "empty_value", "q"),
        ("q=" + "a" * 10_001, "too_long", "q"),
        ("q=" + "+".join(f"w{number}" for number in range(257)), "too_long", "q"),
        ("q=a&sort=name", "unknown_parameter", "sort"),
        ("q=a&colection=meetings", "unknown_parameter", "colection"),
        ("q=a&collection=places", "unknown_value", "collection"),
        ("q=a&collection=", "empty_value", "collection"),
        ("q=a&limit=0", "out_of_range", "limit"),
        ("q=a&limit=201", "out_of_range", "limit"),
        ("q=a&names_by=nowhere", "unknown_reference", "names_by"),
        ("q=a&basis=reference", "unknown_value", "basis"),
    ],
)
def test_what_is_refused(client: TestClient, query: str, code: str, parameter: str) -> None:
    answer = client.get(f"/v1/search?{query}")
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["code"], fault["parameter"]) == (code, parameter)


def test_forms_that_do_not_suit_are_refused(client: TestClient) -> None:
    assert client.get("/v1/search?q=a&format=csv").status_code == 406
    assert client.get("/v1/search?q=a&format=pdf").status_code == 422


def test_head_and_validators_hold_for_searches_too(client: TestClient) -> None:
    answer = client.get("/v1/search?q=wang")
    assert client.head("/v1/search?q=wang").headers["etag"] == answer.headers["etag"]
    again = client.get("/v1/search?q=wang", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


# -------------------------------------------------------------------------- any text is safe

SYNTAX = "\"'*():^+-&|!<>{}[]\\%_~#;,./?$@` \t"
HOSTILE = (
    *SYNTAX, '"', '""', "NEAR(a b)", "a AND b", "a OR b", "NOT a", "a*", "name:x", "a:*", "-a",
    "a'b", "source_names : wang", "{source_names} : wang", "'a':A & 'b'", "a & b | !c <-> d", "\\",
    "%s", "%(a)s", ":a", "$1", "C++", "a-b", "é\u0301\u0301", "\ue000wang\ue000yi", "\u202f",
    "﷽", "①", "x" * 10_000, ". " * 5_000, "王" * 3_000,
)  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_has_an_answer(client: TestClient, q: str) -> None:
    for path in ("/v1/search", "/v1/statements"):
        answer = client.get(path, params={"q": q})
        assert answer.status_code in (200, 414, 422), answer.text
        if not terms(q) and answer.status_code == 200:
            assert answer.json()["items"] == []


def test_a_code_of_either_kind_is_a_name(client: TestClient) -> None:
    for q in ("KOR", "KR", "kr"):
        first = search(client, q)["items"][0]
        assert (first["slug"], first["score"]) == ("kor", 1.0)


@pytest.mark.parametrize("path", ["search", "participants"])
@pytest.mark.parametrize(
    "q", ["wang\tyi", "\nWang\r\nYi\x00", "\u202ewang yi\u2069", "wa\u00adng y\u200di\ufe0f"]
)
def test_what_is_pasted_with_a_text_makes_no_difference(
    client: TestClient, path: str, q: str
) -> None:
    answer, plain = (client.get(f"/v1/{path}", params={"q": each}) for each in (q, "wang yi"))
    assert answer.status_code == 200
    found = [item["id"] for item in answer.json()["items"]]
    assert found == [item["id"] for item in plain.json()["items"]]
    assert found


@pytest.mark.parametrize("name", ["speaker", "topic", "country"])
def test_who_writes_a_filter_as_a_parameter_is_told_where_it_stands(
    client: TestClient, name: str
) -> None:
    answer = client.get("/v1/search", params={"q": "trade", name: "x"})
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    told = f"`{name}` is no parameter here: write `q={name}:…`, beside words or alone."
    assert (fault["code"], fault["parameter"], fault["detail"]) == (
        "unknown_parameter",
        name,
        told,
    )


@pytest.mark.parametrize("raw", ["%ED%A0%80", "%FF", "%C3"])
def test_what_is_no_text_is_refused(client: TestClient, raw: str) -> None:
    for path in ("search", "statements"):
        assert client.get(f"/v1/{path}?q=wang{raw}").status_code == 400


# ---------------------------------------------------------------- against an oracle in Python

SYLLABLES = {
    "zh": "中日韩外长会谈钓鱼岛贸易",
    "ja": "日中韓外相会談がサミット尖閣諸島カキ",
    "ko": "한중일외교장관독도회담",
    "en": ["trade", "Zürich", "ZURICH", "U.S.", "talks", "joint", "wang", "a-b", "３", "ﬁsh", "é"],
}
BLANKS = {"zh": ["", "", "", "，"], "ja": ["", "", "・", " "], "ko": ["", "", " "], "en": [" "]}


def made_up(chance: random.Random, longest: int) -> str:
    """A text in one of the languages, or in two."""
    parts = []
    for language in chance.sample(sorted(SYLLABLES), chance.choice([1, 1, 2])):
        for _ in range(chance.randint(1, longest)):
            parts += [chance.choice(SYLLABLES[language]), chance.choice(BLANKS[language])]
        parts.append(" ")
    return "".join(parts).strip()


terms_of = cache(terms)


class Told(NamedTuple):
    """A made-up record: its names and its texts, each with whether a source has it."""

    id: str
    sort_name: str
    names: list[tuple[str, Basis]]
    texts: list[tuple[str, Basis]]

    def kind(self, q: str, *, source_only: bool) -> Kind | None:
        """How well the record matches; None where it is not found."""
        bases = {Basis.source} if source_only else set(Basis)
        names = [text for text, basis in self.names if basis in bases]
        texts = [text for text, basis in self.texts if basis in bases]
        wanted = set(query_terms(q))
        in_names = set[str]().union(*map(terms_of, names))
        if not wanted or not wanted <= in_names.union(*map(terms_of, texts)):
            return None
        if whole(q) in map(whole, names):
            return Kind.whole
        return Kind.names if wanted <= in_names else Kind.text


@pytest.fixture(scope="module")
def library(databases: Databases, migrated: str) -> tuple[str, list[Told]]:
    """A database of made-up records in four languages, and what they say."""
    chance = random.Random(7)  # noqa: S311
    told = [told_by(chance, number) for number in range(200)]
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine, write(engine) as session:
        session.add_all(map(record_of, told))
        session.flush()
        session.add_all(SearchDocument(**document_of(one)) for one in told)
    return url, told


def record_of(one: Told) -> Record:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Record(
        id=one.id, collection=Collection.statements, key=one.id, slug=one.id, label=one.id,
        sort_name=one.sort_name, sha256="", created_at=now, updated_at=now,
    )  # fmt: skip


def told_by(chance: random.Random, number: int) -> Told:
    def some(most: int, longest: int) -> list[tuple[str, Basis]]:
        lengths = range(chance.randint(0, most))
        return [(made_up(chance, longest), chance.choice(list(Basis))) for _ in lengths]

    return Told(f"stm_{number:04}", f"{number % 40:02}", some(3, 3), some(3, 40))


def document_of(one: Told) -> dict[str, Any]:
    document = Document(one.id, Collection.statements, Basis.source)
    for text, basis in one.names:
        document.code("names", text, basis)
    for text, basis in one.texts:
        document.text("text", text, basis)
    return document.values()


def questions(told: list[Told]) -> Iterator[str]:
    """Names, parts of names and texts, words of different texts, and what is nowhere."""
    chance = random.Random(11)  # noqa: S311
    texts = [text for one in told for text, _ in (*one.names, *one.texts)]
    for _ in range(40):
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        yield text[:30]
        yield text[start : start + chance.randint(1, 6)]
        yield made_up(chance, 1)
        yield f"{text[start : start + 2]} {chance.choice(texts)[:2]}".upper()


def kinds(told: list[Told], q: str, *, source_only: bool) -> dict[str, Kind]:
    """What a search finds, and how well each matches."""
    found = {one.id: one.kind(q, source_only=source_only) for one in told}
    return {id: kind for id, kind in found.items() if kind is not None}


def test_every_language_as_an_oracle_has_it(library: tuple[str, list[Told]]) -> None:
    url, told = library
    sort_names = {one.id: one.sort_name for one in told}
    seen: Counter[Kind] = Counter()
    nothing = 0
    with client_of(service(url)) as client:
        # What begins with a sign asks something else, of which other tests are.
        plain = (q for q in questions(told) if q.strip() and "-" not in q)
        for q, only in product(plain, (False, True)):
            expected = kinds(told, q, source_only=only)
            answer = search(client, q, **({"basis": "source"} if only else {}))
            items = answer["items"]
            assert {item["id"] for item in items} == set(expected), q
            assert sum(answer["counts"].values()) == len(expected)
            order = [(-item["score"], sort_names[item["id"]], item["id"]) for item in items]
            assert order == sorted(order), q
            for item in items:
                least, most = expected[item["id"]].value
                assert least <= item["score"] <= most, q
                check_highlights(item["highlights"], q)
            seen.update(expected.values())
            nothing += not expected
    assert set(seen) == {Kind.whole, Kind.names, Kind.text}
    assert min(seen.values()) > 100
    assert nothing > 10


class Sign(NamedTuple):
    """A part of a question with a sign: how it is written, and what it looks for."""

    kind: str
    tokens: list[str]
    out: bool

    @property
    def written(self) -> str:
        sign = {"phrase": '"{}"', "prefix": "{}*", "word": "{}"}[self.kind]
        return "-" * self.out + sign.format(" ".join(self.tokens))

    def holds(self, texts: Sequence[str]) -> bool:
        """Whether one of some texts, or all together, hold it."""
        held = set[str]().union(*map(terms_of, texts))
        if self.kind == "prefix":
            return any(term.startswith(self.tokens[0]) for term in held)
        if not {*query_terms(" ".join(self.tokens))} <= held:
            return False
        if self.kind == "word" and not self.out:
            return True
        wanted = apart(self.tokens)
        return any(
            said[at : at + len(wanted)] == wanted
            for said in map(apart, map(tokens, texts))
            for at in range(len(said))
        )


def signs(told: list[Told]) -> Iterator[list[Sign]]:
    """Questions of two or three parts, taken from what records say."""
    chance = random.Random(13)  # noqa: S311
    texts = [text for one in told for text, _ in one.texts if len(tokens(text)) > 3]
    for _ in range(120):
        parts = []
        for _ in range(chance.choice([2, 2, 3])):
            said = tokens(chance.choice(texts))
            at = chance.randrange(len(said) - 2)
            kind = chance.choice(["phrase", "prefix", "word"])
            some = said[at : at + (chance.choice([1, 2]) if kind == "phrase" else 1)]
            if kind == "prefix":
                if is_run(some[0]) or len(some[0]) < 3:
                    continue
                some = [some[0][: chance.randint(2, len(some[0]))]]
            if kind != "prefix" and is_run(some[0]):
                some = [some[0][:3], *some[1:]]
            parts.append(Sign(kind, some, chance.random() < 0.4))
        if any(not part.out for part in parts):
            yield parts


def test_signs_mean_the_same_on_every_database_and_in_python(
    library: tuple[str, list[Told]],
) -> None:
    url, told = library
    seen = 0
    with client_of(service(url)) as client:
        for parts, only in product(signs(told), (False, True)):
            bases = {Basis.source} if only else set(Basis)
            expected = {
                one.id
                for one in told
                for texts in [[t for t, basis in (*one.names, *one.texts) if basis in bases]]
                if all(part.holds(texts) != part.out for part in parts)
            }
            q = " ".join(part.written for part in parts)
            answer = search(client, q, **({"basis": "source"} if only else {}))
            assert {item["id"] for item in answer["items"]} == expected, q
            assert sum(answer["counts"].values()) == len(expected), q
            seen += bool(expected)
    assert seen > 40


def check_highlights(highlights: list[Any], q: str) -> None:
    """Whether each place that is marked holds a term of the question, and none is forgotten."""
    wanted = set(query_terms(q))
    marked = set()
    for one in highlights:
        assert len(one["text"]) <= LENGTH + 2
        assert one["ranges"]
        last = -1
        for start, end in one["ranges"]:
            assert last < start < end <= len(one["text"])
            last = end
            marked |= wanted.intersection(terms(one["text"][start:end]))
    assert 0 < len(highlights) <= AT_MOST
    assert marked


# ------------------------------------------------------------------------------ highlights

LONG = "word " * 100


def marked(text: str, wanted: set[str]) -> Marked:
    return Marked(Passage("text", text), *places(text, LookedFor(frozenset(wanted))))


@pytest.mark.parametrize(
    ("text", "q", "shown", "expected"),
    [
        ("Wang Yi met Wang Yi", "wang", "Wang Yi met Wang Yi", ["Wang", "Wang"]),
        ("Zu\u0308rich", "zurich", "Zu\u0308rich", ["Zu\u0308rich"]),
        ("尖閣諸島/釣魚島", "尖閣諸島", "尖閣諸島/釣魚島", ["尖閣諸島"]),
        ("FTA協定", "FTA 協定", "FTA協定", ["FTA協定"]),
        ("😀 the U.S.", "us", "😀 the U.S.", ["U.S"]),
        (f"first {LONG}", "first", f"first {LONG}"[:200] + "…", ["first"]),
        (f"{LONG}last", "last", "…" + f"{LONG}last"[-200:], ["last"]),
        (f"{LONG}mid {LONG}", "mid", "…" + f"{LONG}mid {LONG}"[440:640] + "…", ["mid"]),
    ],
)
def test_where_a_passage_is_marked_and_cut(
    text: str, q: str, shown: str, expected: list[str]
) -> None:
    answer = cut(marked(text, set(query_terms(q))))
    assert answer["field"] == "text"
    assert answer["text"] == shown
    assert [answer["text"][start:end] for start, end in answer["ranges"]] == expected


@given(st.text(max_size=500), st.text(max_size=20))
def test_any_passage_is_cut_within_bounds(text: str, q: str) -> None:
    found = marked(text, set(query_terms(q)))
    if found.ranges:
        answer = cut(found)
        check_highlights([answer], q)
        assert answer["text"].strip("…") in text


def test_passages_with_words_that_no_other_has_are_shown_first() -> None:
    texts = [f"alpha {number}" for number in range(20)] + ["beta"]
    found = [marked(text, {"alpha", "beta"}) for text in texts]
    shown = [each.passage.text for each in choose(found)]
    assert shown == [*texts[:9], "beta"]


# -------------------------------------------------------------------- the database's own index


def test_the_index_follows_its_documents(databases: Databases, migrated: str) -> None:
    url = databases.copy(migrated)
    one = Told("stm_1", "a", [], [("尖閣 alpha", Basis.source)])
    other = one._replace(texts=[("독도 alpha", Basis.reference)])
    with disposing(create_engine(url)) as engine:
        assert ids_of(engine, "alpha") == []
        with write(engine) as session:
            session.add(record_of(one))
            session.flush()
            session.add(SearchDocument(**document_of(one)))
        assert (ids_of(engine, "尖閣"), ids_of(engine, "独")) == (["stm_1"], [])
        with write(engine) as session:
            session.execute(sa.update(SearchDocument).values(**document_of(other)))
        assert (ids_of(engine, "尖閣"), ids_of(engine, "독도 alpha")) == ([], ["stm_1"])
        with write(engine) as session:
            session.execute(sa.delete(Record))
        assert ids_of(engine, "alpha") == []
        with engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(SearchDocument)) == 0


def test_a_document_as_large_as_is_allowed_is_indexed(databases: Databases, migrated: str) -> None:
    url = databases.copy(migrated)
    one = Told("stm_1", "a", [], [(" ".join(map(str, range(10**5, 10**5 + 71_000))), Basis.source)])
    document = document_of(one)
    assert not too_long(document)
    assert too_long(document | {"reference_text": "1234567 " * 1000})
    with disposing(create_engine(url)) as engine:
        with write(engine) as session:
            session.add(record_of(one))
            session.flush()
            session.add(SearchDocument(**document))
        assert ids_of(engine, "170999") == ["stm_1"]


def ids_of(engine: sa.Engine, q: str) -> list[str]:
    with read(engine) as session:
        return list(session.scalars(found_in_documents(query_terms(q), source_only=False)))
