"""Numbers of documents: the newest is the highest, and each tells what its document is."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.models import Basis, Collection
from app.query.numbers import collection_of, collections, day_of, free, number

DAYS = st.none() | st.dates()
IDS = st.text(max_size=20)


@given(DAYS, st.sampled_from(Collection), st.sampled_from(Basis), IDS)
def test_a_number_tells_day_and_collection(
    day: date | None, collection: Collection, basis: Basis, id: str
) -> None:
    found = number(day, collection, basis, id)
    assert 0 <= found < 2**63
    assert day_of(found) == (day.toordinal() if day else 0)
    assert collections()[collection_of(found)] is collection


@given(st.dates(), st.dates(), st.tuples(*[st.sampled_from(Collection)] * 2), IDS)
def test_the_newer_has_the_higher_number(
    one: date, other: date, places: tuple[Collection, Collection], id: str
) -> None:
    newer, older = max(one, other), min(one, other)
    high = number(newer, places[0], Basis.source, id)
    assert high > number(older, places[1], Basis.reference, id) or newer == older
    assert high > number(None, places[1], Basis.reference, id)


def test_a_number_that_is_taken_gives_way_within_its_day_and_collection() -> None:
    last = number(date(2025, 3, 22), Collection.meetings, Basis.source, "x") | (2**32 - 1)
    first = last - (2**32 - 1)
    assert free(last, set()) == last
    assert free(last, {last}) == first
    assert free(last, {last, first}) == first + 1
