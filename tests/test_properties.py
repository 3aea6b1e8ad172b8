"""What holds for all inputs: cursors, combinations of filters, spans of days."""

import base64
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle import (
    between,
    by_value,
    discrete,
    has,
    of_kind,
    overlaps,
    present,
    sides_of,
    values,
)
from reading import Json, World, ids, read, refused, world_of
from starlette.testclient import TestClient
from wire import Wire, problem_in, wired

from app.errors import BadCursor
from app.query.filters import Between, Presence, Span, YesNo
from app.query.paging import Cursors, Key
from app.query.parse import day
from app.query.resource import Resource
from app.resources import RESOURCES

bounded = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


# ------------------------------------------------------------------------------- cursors

keys_and_values = st.lists(
    st.one_of(
        st.tuples(st.just(str), st.none() | st.text(st.characters(exclude_categories=["Cs"]))),
        st.tuples(st.just(int), st.none() | st.integers(-(2**63), 2**63 - 1)),
        st.tuples(st.just(date), st.none() | st.dates()),
    ),
    min_size=1,
    max_size=5,
)


@given(keys_and_values, st.text(max_size=30), st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_cursor_says_what_was_written(
    pairs: list[tuple[type, Any]], query: str, descending: bool
) -> None:
    keys = [Key(None, descending, True, kind) for kind, _ in pairs]
    sort_key = [value for _, value in pairs]
    assume("\ud800" not in query)
    cursor = Cursors("secret", query).write(sort_key)
    assert set(cursor) <= set(ALPHABET)
    assert Cursors("secret", query).read(cursor, keys) == sort_key
    for other in (Cursors("Secret", query), Cursors("secret", query + " ")):
        with pytest.raises(BadCursor):
            other.read(cursor, keys)


@pytest.fixture(scope="module")
def cursor(client: TestClient) -> str:
    return str(read(client, "/v1/statements", limit=2)["next_cursor"])


@pytest.fixture(scope="module")
def wire(app: FastAPI) -> Iterator[Wire]:
    with wired(app) as wire:
        yield wire


def tampered(cursor: str) -> st.SearchStrategy[str]:
    """Cursors that differ from one that was issued: changed, cut, prolonged, spliced, invented."""
    places = st.integers(0, len(cursor) - 1)
    letters = st.text(ALPHABET, min_size=1, max_size=8)
    bits = st.integers(0, len(cursor) * 6 - 1)
    return st.one_of(
        st.builds(lambda at, with_: cursor[:at] + with_ + cursor[at + 1 :], places, letters),
        st.builds(lambda at, with_: cursor[:at] + with_ + cursor[at:], places, letters),
        places.map(lambda at: cursor[:at]),
        letters.map(lambda more: cursor + more),
        st.builds(lambda one, other: cursor[one:] + cursor[:other], places, places),
        bits.map(lambda bit: flipped(cursor, bit)),
        st.binary(min_size=16, max_size=80).map(
            lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("=")
        ),
        st.text(ALPHABET, min_size=1, max_size=200),
        st.just(cursor.swapcase()),
        st.sampled_from(["=", "==", "===", "%3D", "%C2%B2", "%0A", "+", "/"]).map(
            lambda end: cursor + end
        ),
    )


def flipped(cursor: str, bit: int) -> str:
    """The cursor with one bit turned, also one of those at the end that base64 ignores."""
    place, which = divmod(bit, 6)
    letter = ALPHABET.replace("-_", "")
    order = letter[:52] + letter[52:] + "-_"
    turned = order[order.index(cursor[place]) ^ (1 << which)]
    return cursor[:place] + turned + cursor[place + 1 :]


@given(data=st.data())
@bounded
def test_a_cursor_that_was_tampered_with_is_refused(
    wire: Wire, cursor: str, data: st.DataObject
) -> None:
    changed = data.draw(tampered(cursor))
    assume(changed and changed != cursor)
    answer = wire.ask(f"/v1/statements?limit=2&cursor={changed}")
    problem = problem_in(answer)
    assert (problem.status, problem.code) == (400, "bad_cursor")
    assert [one.parameter for one in problem.errors] == ["cursor"]


def test_the_cursor_itself_is_taken(wire: Wire, cursor: str) -> None:
    assert wire.ask(f"/v1/statements?limit=2&cursor={cursor}").status == 200


# ------------------------------------------------------------------------------- filters


def question(chance: random.Random, world: World) -> tuple[Resource, Json]:
    """A collection, and some of its filters with values that records have."""
    resource = chance.choice(RESOURCES)
    kinds = (YesNo, Span, Presence, Between)
    named = [*discrete(resource), *(name for kind in kinds for name in of_kind(resource, kind))]
    asked: Json = {}
    for name in chance.sample(named, chance.randint(1, 4)):
        asked |= part(chance, world, resource, name)
    return resource, asked


def part(chance: random.Random, world: World, resource: Resource, name: str) -> Json:
    """The parameters of one filter, with some values."""
    one, flag = resource.all_filters[name], chance.choice(["true", "false"])
    if isinstance(one, YesNo | Presence):
        return {name: flag}
    if isinstance(one, Span):
        ends = sorted(date(2000, 1, 1) + timedelta(chance.randint(0, 9999)) for _ in range(2))
        return {f"{name}_from": ends[0].isoformat(), f"{name}_to": ends[1].isoformat()}
    if isinstance(one, Between):
        return {name: ",".join(chance.sample(sides_of(world, resource, name), 2))}
    if has(resource, name) and chance.random() < 0.2:
        return {f"has_{name}": flag}
    known = sorted(by_value(world, resource, name))
    some = chance.sample(known, min(len(known), chance.randint(1, 4)))
    return {name: [chance.choice(["", "", "!"]) + value for value in some]} if some else {}


days = st.dates(date(2019, 1, 1), date(2027, 12, 31))


def matches(world: World, resource: Resource, asked: Json, record: Json) -> bool:
    """Whether a record is one of those asked for."""
    return all(matches_one(world, resource, name, asked, record) for name in asked)


def matches_one(world: World, resource: Resource, name: str, asked: Json, record: Json) -> bool:
    one, value = resource.all_filters.get(name), asked[name]
    if isinstance(one, Presence):
        return bool(present(one, record) == (value == "true"))
    if isinstance(one, Between):
        return between(world, resource, name, record, value.split(","))
    if isinstance(one, YesNo):
        return value in values(world, resource, name, record)
    if one is None and name.startswith("has_"):
        of = name.removeprefix("has_")
        return bool(values(world, resource, of, record)) is (value == "true")
    if one is None:
        first, last = (date.fromisoformat(asked[f"date_{end}"]) for end in ("from", "to"))
        return overlaps(record, first, last)
    had = values(world, resource, name, record)
    wanted = {part for part in value if not part.startswith("!")}
    unwanted = {part[1:] for part in value if part.startswith("!")}
    return (not wanted or bool(had & wanted)) and not had & unwanted


@given(seed=st.integers(0, 2**32))
@settings(bounded, max_examples=100)
def test_filters_together_find_what_has_all_that_is_asked(
    client: TestClient, world: World, seed: int
) -> None:
    resource, asked = question(random.Random(seed), world)  # noqa: S311
    here = world[resource.name]
    expected = {id for id, one in here.items() if matches(world, resource, asked, one)}
    assert set(ids(client, resource.name, **asked)) == expected


@pytest.fixture(scope="module")
def crowded_world(crowd: TestClient) -> World:
    return world_of(crowd)


@given(seed=st.integers(0, 2**32))
@settings(bounded, max_examples=60)
def test_filters_together_do_so_among_many_records(
    crowd: TestClient, crowded_world: World, seed: int
) -> None:
    resource, asked = question(random.Random(seed), crowded_world)  # noqa: S311
    here = crowded_world[resource.name]
    expected = {id for id, one in here.items() if matches(crowded_world, resource, asked, one)}
    found = ids(crowd, resource.name, **asked)
    assert len(found) == len(set(found))
    assert set(found) == expected


# --------------------------------------------------------------------------------- dates


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_a_year_and_a_month_are_all_of_their_days(one: date) -> None:
    written = one.isoformat()
    for form, first, last in (
        (written, one, one),
        (written[:7], one.replace(day=1), end_of_month(one)),
        (written[:4], one.replace(month=1, day=1), one.replace(month=12, day=31)),
    ):
        assert (day(last=False)(form), day(last=True)(form)) == (first, last)


def end_of_month(one: date) -> date:
    if (one.year, one.month) == (9999, 12):
        return date.max
    following = one.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


forms = st.sampled_from([4, 7, 10])


@given(first=st.none() | st.tuples(days, forms), last=st.none() | st.tuples(days, forms))
@bounded
def test_a_span_finds_the_dates_that_overlap_it(
    crowd: TestClient, crowded_world: World, first: Any, last: Any
) -> None:
    written = {
        name: end[0].isoformat()[: end[1]]
        for name, end in (("date_from", first), ("date_to", last))
        if end
    }
    begins = day(last=False)(written.get("date_from"))
    ends = day(last=True)(written.get("date_to"))
    if begins and ends and begins > ends:
        (fault,) = refused(crowd, "/v1/meetings", **written)["errors"]
        assert fault["code"] == "crossed_dates"
        return
    expected = {
        id
        for id, one in crowded_world["meetings"].items()
        if not written or overlaps(one, begins, ends)
    }
    assert set(ids(crowd, "meetings", **written)) == expected


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,5}(-[0-9]{1,3}){0,3}", fullmatch=True))
@settings(bounded, max_examples=150)
def test_whatever_is_no_date_is_refused(wire: Wire, written: str) -> None:
    target = f"/v1/meetings?date_from={quote(written, errors='surrogatepass')}"
    assert (wire.ask(target).status == 200) == is_date(written)


def is_date(written: str) -> bool:
    """Whether a text is a day, a month or a year that there is, by the standard library."""
    if len(written) not in (4, 7, 10) or not written.isascii():
        return False
    try:
        return bool(date.fromisoformat(f"{written}-01-01"[:10]))
    except ValueError:
        return False
