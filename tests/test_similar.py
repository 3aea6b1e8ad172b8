"""Who else said nearly the same: as plain Python counts it, on every database."""

from itertools import pairwise
from typing import Any

import pytest
from conftest import client_of, disposing, service
from hypothesis import given
from hypothesis import strategies as st
from reading import local
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.db import create_engine, write
from app.models import Basis, Collection, Record, SearchDocument
from app.query.terms import apart, tokens
from app.questions.similar import AT_LEAST, likeness, pairs
from seeds.documents import Document

FIRST = "wang-on-trade-and-fta"


def similar(client: TestClient, slug: str, **asked: Any) -> Any:
    answer = client.get(f"/v1/statements/{slug}/similar", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def said(client: TestClient, **asked: str) -> dict[str, set[tuple[str, str]]]:
    """The pairs of words of each statement, by slug."""
    items = client.get("/v1/statements", params={"limit": "200", **asked}).json()["items"]
    return {
        item["slug"]: {
            pair
            for text in [item["text"], *item["quotes"]]
            for pair in pairwise(apart(tokens(text)))
        }
        for item in items
    }


@pytest.mark.parametrize("filters", [{}, {"speaker": "!wang-yi"}, {"topic": "security"}])
def test_the_seeded_statements_as_plain_python_compares_them(
    client: TestClient, filters: dict[str, str]
) -> None:
    every, kept = said(client), said(client, **filters)
    told = 0
    for slug, mine in every.items():
        scores = {
            other: round(len(mine & each) / len(mine | each), 4)
            for other, each in kept.items()
            if other != slug
        }
        expected = {other: score for other, score in scores.items() if score >= AT_LEAST}
        rows = similar(client, slug, **filters)["rows"]
        assert {row["statement"]["slug"]: row["score"] for row in rows} == expected
        assert [row["score"] for row in rows] == sorted(expected.values(), reverse=True)
        told += len(rows)
    assert told > 0


def test_a_row_tells_the_statement_its_evidence_and_the_words(client: TestClient) -> None:
    answer = similar(client, FIRST)
    assert answer["statement"]["slug"] == FIRST
    assert not answer["truncated"]
    assert answer["compared"] == len(said(client)) - 1
    row = answer["rows"][0]
    statement = row["statement"]
    assert statement["slug"] == "wang-on-economic-integration"
    assert [one["slug"] for one in statement["speakers"]] == ["wang-yi"]
    assert statement["meeting"]["slug"] == "trilateral-foreign-ministers-meeting-11"
    assert statement["evidence"]
    marked = [one["text"][start:end] for one in row["shared"] for start, end in one["ranges"]]
    assert "free trade agreement" in marked
    assert [one["field"] for one in row["shared"]] == ["text", "quotes"]
    assert [row["shared"][0]["text"]] == [statement["text"]]
    assert row["shared"][1]["text"] in statement["quotes"]
    assert client.get(local(row["url"])).json()["slug"] == statement["slug"]


def test_what_filters_leave_out_is_not_compared(client: TestClient) -> None:
    for filters in ({"speaker": "!wang-yi"}, {"speaker": "iwaya-takeshi"}):
        kept = said(client, **filters)
        assert similar(client, FIRST, **filters)["compared"] == len(kept) - (FIRST in kept)
    none = similar(client, FIRST, year="1999")
    assert (none["compared"], none["rows"]) == (0, [])


def test_nearly_the_same_words_come_first(copied: str) -> None:
    with disposing(create_engine(copied)) as engine, write(engine) as session:
        of = select(SearchDocument, Record.id).join(
            Record, col(Record.id) == SearchDocument.record_id
        )
        query = of.where(col(Record.slug).in_([FIRST, "cho-on-north-korea"]))
        query = query.where(Record.collection == Collection.statements).order_by(col(Record.slug))
        (other, _), (mine, _) = session.exec(query).all()
        text = next(one["text"] for one in mine.passages if one["field"] == "text")
        changed = Document(other.record_id, Collection.statements, Basis.source)
        changed.text("text", text.replace("early", "speedy"), Basis.source)
        for name in ("passages", "source_text", "source_words"):
            setattr(other, name, changed.values()[name])
    with client_of(service(copied)) as client:
        first, second = similar(client, FIRST)["rows"][:2]
        assert first["statement"]["slug"] == "cho-on-north-korea"
        assert first["score"] > 0.8 > second["score"]
        [shared] = first["shared"]
        assert "speedy" not in "".join(shared["text"][a:b] for a, b in shared["ranges"])


def test_a_number_of_rows_and_what_is_refused(client: TestClient) -> None:
    assert len(similar(client, "wang-on-economic-integration", limit="1")["rows"]) == 1
    assert client.get("/v1/statements/nobody/similar").status_code == 404
    for asked in ({"limit": "51"}, {"limit": "0"}, {"spaeker": "x"}, {"speaker": "nobody"}):
        assert client.get(f"/v1/statements/{FIRST}/similar", params=asked).status_code == 422


WORDS = st.lists(st.sampled_from(["a", "b", "c", "王", "会谈"]), max_size=8).map(" ".join)


@given(WORDS, WORDS)
def test_likeness_is_a_share_that_two_have_in_common(one: str, other: str) -> None:
    here, there = pairs([one]), pairs([other])
    assert 0 <= likeness(here, there) == likeness(there, here) <= 1
    assert likeness(here, here) == (1 if here else 0)


def test_pairs_do_not_reach_from_one_text_into_another() -> None:
    assert pairs(["a b", "c 会谈"]) == {("a", "b"), ("c", "会"), ("会", "谈")}
    assert likeness(pairs(["a b c"]), pairs(["b c d"])) == 1 / 3
