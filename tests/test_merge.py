"""Merging: several bundles make one record, in whatever order they are heard."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from app.models import Basis, Collection, MeetingStatus
from seeds.merge import DATE_FIELDS, Told, merge
from seeds.ranks import Sitting, ranks


def told(bundle: str, *, basis: Basis = Basis.source, **content: Any) -> Told:
    return Told(bundle, basis, Collection.meetings, "talks", content)


def lore(bundle: str = "lore", **content: Any) -> Told:
    return told(bundle, basis=Basis.reference, **content)


def test_sources_complete_one_another() -> None:
    contributions = [
        told("a", host="aaa", topics=["x", "y"]),
        told("b", city="c", topics=["y", "z"]),
    ]
    for order in permutations([*contributions, lore(host="bbb", venue="Hall")]):
        merged = merge(order)
        assert merged.content == {
            "host": "aaa",
            "city": "c",
            "topics": ["x", "y", "z"],
            "venue": "Hall",
        }
        assert merged.reference_fields == {"venue"}
        assert (merged.basis, merged.problems) == (Basis.source, [])


def cite(*sources: str, part: str | None = None) -> list[dict[str, str]]:
    """Evidence, so far as merging looks at it."""
    return [{"source": each, **({"part": part} if part else {})} for each in sources]


def test_values_that_contradict_stand_side_by_side_in_the_order_of_bundles() -> None:
    contributions = [
        told("a", host="aaa", evidence=cite("one")),
        told("b", host="bbb", evidence=cite("two", "two", "three")),
        told("c", host="aaa", evidence=cite("four")),
    ]
    for order in permutations(contributions):
        merged = merge(order)
        assert (merged.content["host"], merged.problems) == ("aaa", [])
        assert merged.contradictions == {
            "host": [("aaa", ["one", "four"]), ("bbb", ["two", "three"])]
        }


def test_a_value_is_said_by_the_sources_of_its_own_passages() -> None:
    first = cite("x") + cite("y", part="host") + cite("z", part="city")
    second = cite("x") + cite("z", part="city")
    merged = merge([told("a", host="aaa", evidence=first), told("b", host="b", evidence=second)])
    assert merged.contradictions == {"host": [("aaa", ["y"]), ("b", ["x"])]}


def test_what_is_in_our_words_contradicts_nothing() -> None:
    ours: dict[str, Any] = {"label": "Talks", "purpose": "Peace"}
    merged = merge([told("a", **ours), told("b", label="The talks", purpose="To make peace")])
    assert (merged.content, merged.contradictions, merged.problems) == (ours, {}, [])


@pytest.mark.parametrize("field", ["name", "slug", "coordinates"])
def test_what_cannot_stand_twice_is_named(field: str) -> None:
    values: list[Any] = [{"latitude": 1}, {"latitude": 2}] if field == "coordinates" else ["x", "y"]
    one, other = (
        told(bundle, **{field: value}, evidence=cite(bundle))
        for bundle, value in zip("ab", values, strict=True)
    )
    merged = merge([one, other])
    assert [name for name, _ in merged.problems] == [field]
    assert merged.contradictions == {}


@pytest.mark.parametrize(
    ("dates", "kept", "sides"),
    [
        (["2030-05-02", "2030-06-01"], "2030-05-02", [("2030-05-02", "a"), ("2030-06-01", "b")]),
        (["2030", "2031", "2030-05"], "2030-05", [("2030-05", "c"), ("2030", "a"), ("2031", "b")]),
        (
            ["2030", "2030-05-02", "2030-06-01"],
            "2030-05-02",
            [("2030-05-02", "b"), ("2030", "a"), ("2030-06-01", "c")],
        ),
        (["2030", "2030-05-02"], "2030-05-02", None),
        (["2030-05-02", "2030"], "2030-05-02", None),
        (["2030-05-02?", "2030-05-02"], "2030-05-02?", None),
    ],
)
def test_dates_contradict_where_no_day_is_both(
    dates: list[str], kept: str, sides: list[tuple[str, str]] | None
) -> None:
    contributions = [
        told(bundle, date={"edtf": date}, evidence=cite(bundle))
        for bundle, date in zip("abc", dates, strict=False)
    ]
    merged = merge(contributions)
    assert (merged.content["date"], merged.problems) == ({"edtf": kept}, [])
    expected = {"date": [(value, [source]) for value, source in sides]} if sides else {}
    assert merged.contradictions == expected


def test_of_the_same_day_the_anchors_must_agree() -> None:
    one, other = (
        told(
            bundle,
            date={"edtf": "2030-05-02", "anchor": {"record": key, "relation": "same_day"}},
            evidence=cite(bundle),
        )
        for bundle, key in (("a", "incidents/x"), ("b", "incidents/y"))
    )
    merged = merge([one, other])
    assert ([name for name, _ in merged.problems], merged.contradictions) == (["date"], {})


def test_sources_that_contradict_one_another_and_cite_nothing_are_named() -> None:
    ((field, message),) = merge([told("b", host="bbb"), told("a", host="aaa")]).problems
    assert field == "host"
    assert message == (
        "host is 'aaa' in bundle a (as seeded before) and 'bbb' in bundle b (as seeded before): "
        "they must say the same, or one of them must leave it out"
    )


def test_reference_bundles_must_agree_too() -> None:
    assert len(merge([lore("a", host="aaa"), lore("b", host="bbb")]).problems) == 1


def test_lists_of_which_a_source_states_some_are_a_sources() -> None:
    merged = merge([told("a", topics=["x"]), lore(topics=["y"], parties=["aaa"])])
    assert merged.content == {"topics": ["x"], "parties": ["aaa"]}
    assert merged.reference_fields == {"parties"}


def test_names_are_added_and_counted() -> None:
    english, german = ({"text": "T", "language": language} for language in ("en", "de"))
    merged = merge([lore(names=[german, english]), told("a", names=[english])])
    assert merged.content["names"] == [english, german]
    assert (merged.stated["names"], merged.reference_fields) == (1, set())


def test_what_reference_knowledge_alone_tells_is_reference() -> None:
    merged = merge([lore(name="Talks", label="Some talks", slug="the-talks")])
    assert (merged.basis, merged.reference_fields) == (Basis.reference, {"name"})


def test_the_more_precise_of_two_dates_is_taken() -> None:
    coarse = {"edtf": "2030-05-XX", "as_written": "in May"}
    fine = {"edtf": "2030-05-02", "as_written": "May 2"}
    for order in permutations([told("a", date=coarse), told("b", date=fine)]):
        assert merge(order).content == {"date": fine}


@pytest.mark.parametrize(
    ("stated", "full", "problem"),
    [
        ("XXXX-05-02", "2030-05-02", False),
        ("2030-05-XX", "2030-05-02", False),
        ("2030-05-02", "2030-05-02", False),
        (None, "2030", False),
        ("2030", "2030-05", True),
        ("2030-05-02", "2030-05-03", True),
        ("2030-05-02", "2030-05-XX", True),
    ],
)
def test_reference_knowledge_fills_digits(stated: str | None, full: str, problem: bool) -> None:
    words = {"as_written": "then"}
    own = {**words, **({"edtf": stated} if stated else {})}
    merged = merge([told("a", date=own), lore(date={"edtf": full})])
    filled = not problem and stated != full
    assert bool(merged.problems) == problem
    assert merged.reference_fields == (set(DATE_FIELDS) if filled else set())
    assert merged.content["date"] == (
        {**words, "edtf": full, "basis": "inferred"} if filled else own
    )


def test_reference_knowledge_has_no_words_and_no_evidence() -> None:
    fields = [
        name for name, _ in merge([lore(date={"as_written": "then"}, evidence=[{}])]).problems
    ]
    assert fields == ["date", "evidence"]


# ------------------------------------------------------------------------------- ranks


def held(key: str, day: int | None = None, ordinal: int | None = None) -> Sitting:
    when = date(2030, 1, day) if day else None
    return Sitting(key, ordinal, MeetingStatus.held, when, when)


def without_date(key: str, status: MeetingStatus) -> Sitting:
    return Sitting(key, None, status, None, None)


PLANNED = without_date("p", MeetingStatus.planned)
CANCELLED = without_date("x", MeetingStatus.cancelled)


@pytest.mark.parametrize(
    ("sittings", "expected"),
    [
        ([], {}),
        ([held("b", 2), held("a", 1)], {"a": 1, "b": 2}),
        ([held("a"), held("b", 1)], {"a": None, "b": 1}),
        ([PLANNED, held("b", 1)], {"p": 2, "b": 1}),
        ([CANCELLED, held("b", 1)], {"x": None, "b": 1}),
        ([held("a", 1, 10), held("b", None, 9)], {"a": 2, "b": 1}),
        ([held("a", 1, 10), held("b", None, 11), held("c", 9, 12)], {"a": 1, "b": 2, "c": 3}),
        ([held("a", 1), held("b", None, 1), PLANNED], {"a": 1, "b": 2, "p": 3}),
        ([held("a", None, 3), held("b", None, 1), held("c", None, 2)], {"a": 3, "b": 1, "c": 2}),
    ],
)
def test_ranks(sittings: list[Sitting], expected: dict[str, int | None]) -> None:
    assert ranks(sittings) == expected
    assert ranks(reversed(sittings)) == expected
