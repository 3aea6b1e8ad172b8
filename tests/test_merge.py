"""Merging: several bundles make one record, in whatever order they are heard."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from app.models import Basis, Collection, MeetingStatus
from seeds.merge import DATE_FIELDS, Merged, merge
from seeds.ranks import Sitting, ranks
from seeds.told import Told


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


def test_what_cannot_stand_twice_is_named() -> None:
    one, other = (told(each, slug=each, evidence=cite(each)) for each in "ab")
    merged = merge([one, other])
    assert [name for name, _ in merged.problems] == ["slug"]
    assert merged.contradictions == {}


def test_points_that_differ_stand_side_by_side() -> None:
    points = {"a": {"latitude": 1.5, "longitude": 2}, "b": {"latitude": 1.5, "longitude": -2}}
    merged = merge([told(each, coordinates=at, evidence=cite(each)) for each, at in points.items()])
    assert merged.content["coordinates"] == points["a"]
    assert merged.contradictions == {"coordinates": [("1.5, 2", ["a"]), ("1.5, -2", ["b"])]}


def test_ordinals_that_differ_stand_side_by_side() -> None:
    """Rows of one series are one row, and what it lacks is filled by who tells it."""
    rows: list[list[dict[str, Any]]] = [
        [{"series": "s"}, {"series": "t", "ordinal": 4}],
        [{"series": "s", "ordinal": 2}],
        [{"series": "s", "ordinal": 3}, {"series": "u"}],
    ]
    passages = [cite("x"), cite("y", part="ordinal") + cite("w"), cite("z", part="series/s")]
    contributions = [
        told(bundle, series=series, evidence=evidence)
        for bundle, series, evidence in zip("abc", rows, passages, strict=True)
    ]
    for order in permutations(contributions):
        merged = merge(order)
        assert merged.problems == []
        assert merged.content["series"] == [
            {"series": "s", "ordinal": 2}, {"series": "t", "ordinal": 4}, {"series": "u"},
        ]  # fmt: skip
        assert merged.contradictions == {"series/s/ordinal": [(2, ["y"]), (3, ["z"])]}
    # The bundles are left as they were told.
    assert rows[0][0] == {"series": "s"}


def row_of(collection: Collection, name: str, *rows: dict[str, str]) -> Merged:
    """A list whose rows are told by one bundle each."""
    return merge(
        [
            Told(bundle, Basis.source, collection, "k", {name: [row], "evidence": cite(bundle)})
            for bundle, row in zip("ab", rows, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("collection", "name", "same", "unlike", "path"),
    [
        ("meetings", "participations", {"participant": "x", "role": "host"}, "country",
         "participations/host/x"),
        ("disputes", "parties", {"country": "x"}, "role", "parties/x"),
        ("incidents", "parties", {"country": "x", "role": "affected"}, "participant",
         "parties/affected/x"),
        ("statements", "stances", {"target": "topics/x"}, "stance", "stances/topics/x"),
        ("proposals", "items", {"key": "x", "label": "X"}, "topic", "items/x"),
    ],
)  # fmt: skip
def test_what_rows_say_differently_stands_side_by_side(
    collection: str, name: str, same: dict[str, str], unlike: str, path: str
) -> None:
    one, other = {
        "role": ("claimant", "party"), "stance": ("supports", "opposes"),
    }.get(unlike, ("aaa", "bbb"))  # fmt: skip
    merged = row_of(Collection(collection), name, {**same, unlike: one}, {**same, unlike: other})
    assert merged.content[name] == [{**same, unlike: one}]
    assert merged.contradictions == {f"{path}/{unlike}": [(one, ["a"]), (other, ["b"])]}
    assert merged.problems == []


def test_what_a_row_says_in_our_words_contradicts_nothing() -> None:
    rows = [{"key": "x", "label": "X"}, {"key": "x", "label": "The X"}]
    merged = row_of(Collection.proposals, "items", *rows)
    assert (merged.content["items"], merged.contradictions) == (rows[:1], {})


def test_rows_that_cite_nothing_and_differ_are_named() -> None:
    rows = [[{"series": "s", "ordinal": ordinal}] for ordinal in (2, 3)]
    one, other = (told(bundle, series=each) for bundle, each in zip("ab", rows, strict=True))
    ((field, message),) = merge([one, other]).problems
    assert field == "series"
    assert message.startswith("series/s/ordinal is 2 in bundle a (as seeded before) and 3 in")


def test_a_bundle_that_repeats_a_row_is_not_mended() -> None:
    rows = [{"series": "s", "ordinal": ordinal} for ordinal in (2, 3)]
    assert merge([told("a", series=rows, evidence=cite("x"))]).content["series"] == rows


def test_a_relation_of_other_parties_is_another_one() -> None:
    def relation(bundle: str, *parties: str, directed: bool = False) -> Told:
        content: dict[str, Any] = {"parties": [*parties], "evidence": cite(bundle)}
        content |= {"directed": True} if directed else {}
        return Told(bundle, Basis.source, Collection.relations, "r", content)

    first = relation("a", "x", "y")
    assert merge([first, relation("b", "y", "x")]).problems == []
    for other in (relation("b", "y", "x", directed=True), relation("b", "x", "z")):
        assert [name for name, _ in merge([first, other]).problems] == ["parties"]


def test_who_is_called_otherwise_has_both_names() -> None:
    usage = {"kind": "usage", "used_by": "aaa"}
    one = told("a", name="T", names=[{"text": "Te", "language": "de"}], evidence=cite("x"))
    other = told(
        "b",
        name="Talks",
        names=[
            {"text": "Gespräche", "language": "de"},
            {"text": "Te", "language": "de", **usage},
            {"text": "T", "language": "en"},
        ],
        evidence=cite("y"),
    )
    merged = merge([other, one])
    assert merged.content["name"] == "T"
    assert merged.content["names"] == [
        {"text": "Te", "language": "de"},
        {"text": "Talks", "language": "en", "kind": "alias"},
        {"text": "Gespräche", "language": "de", "kind": "alias"},
        {"text": "Te", "language": "de", **usage},
    ]
    assert merged.contradictions == {"name": [("T", ["x"]), ("Talks", ["y"])]}
    lore_too = merge([one, lore(names=[{"text": "Tö", "language": "de"}])])
    assert lore_too.content["names"][1:] == [{"text": "Tö", "language": "de", "kind": "alias"}]


def test_an_alias_that_another_bundle_has_as_the_main_name_is_the_main_name() -> None:
    alias, main = ({"text": "Te", "language": "de", **more} for more in ({"kind": "alias"}, {}))
    assert merge([told("a", names=[alias]), told("b", names=[main])]).content["names"] == [main]


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
        (
            ["2030-05/2030-07", "2030-06/2030-08"],
            "2030-05/2030-07",
            [("2030-05/2030-07", "a"), ("2030-06/2030-08", "b")],
        ),
        (["XXXX-05-02", "2031"], "XXXX-05-02", [("XXXX-05-02", "a"), ("2031", "b")]),
        (["2030", "2030-05-02"], "2030-05-02", None),
        (["2030-05-02", "2030"], "2030-05-02", None),
        (["2030-05-02?", "2030-05-02"], "2030-05-02?", None),
    ],
)
def test_dates_that_differ_stand_side_by_side(
    dates: list[str], kept: str, sides: list[tuple[str, str]] | None
) -> None:
    contributions = [
        told(bundle, date={"edtf": date}, evidence=cite(bundle))
        for bundle, date in zip("abc", dates, strict=False)
    ]
    merged = merge(contributions)
    assert (merged.content["date"], merged.problems) == ({"edtf": kept}, [])
    expected = {"date_edtf": [(value, [source]) for value, source in sides]} if sides else {}
    assert merged.contradictions == expected


X, Y = ({"record": f"incidents/{key}", "relation": "same_day"} for key in "xy")
DAY = "2030-05-02"


@pytest.mark.parametrize(
    ("one", "other", "kept", "contradictions"),
    [
        (
            {"edtf": DAY, "anchor": X},
            {"edtf": DAY, "anchor": Y},
            "a",
            {"date_anchor": [("same_day incidents/x", ["a"]), ("same_day incidents/y", ["b"])]},
        ),
        (
            {"as_written": "then", "anchor": X},
            {"edtf": DAY},
            "b",
            {"date": [(DAY, ["b"]), ("same_day incidents/x", ["a"])]},
        ),
        ({"as_written": "then"}, {"edtf": DAY}, "b", {}),
        ({"edtf": DAY}, {"as_written": "then"}, "a", {}),
        ({"as_written": "then"}, {"anchor": X}, "b", {}),
        ({"edtf": DAY}, {"edtf": DAY, "anchor": X}, "b", {}),
    ],
)
def test_dates_that_are_relative_beside_others(
    one: dict[str, Any], other: dict[str, Any], kept: str, contradictions: dict[str, Any]
) -> None:
    dates = {"a": one, "b": other}
    merged = merge([told(each, date=date, evidence=cite(each)) for each, date in dates.items()])
    assert (merged.content["date"], merged.problems) == (dates[kept], [])
    assert merged.contradictions == contradictions


@pytest.mark.parametrize(
    ("stated", "full"),
    [
        ([{"edtf": "2030-05-03"}, {"edtf": "XXXX-05-02"}], "2030-05-02"),
        ([{"edtf": "XXXX-05-02"}, {"edtf": "2030-05-03"}], "2030-05-02"),
        ([{"edtf": "XXXX-05-02"}, {"anchor": X}], "2030-05-02"),
        ([{"anchor": X}, {"anchor": Y}], "2030-05-02"),
    ],
)
def test_reference_knowledge_does_not_decide_between_dates(
    stated: list[dict[str, Any]], full: str
) -> None:
    sources = [
        told(each, date=date, evidence=cite(each)) for each, date in zip("ab", stated, strict=True)
    ]
    alone, merged = merge(sources), merge([*sources, lore(date={"edtf": full})])
    assert merged.content == alone.content
    assert merged.content["date"] == stated[0]
    assert merged.contradictions == alone.contradictions != {}
    assert (merged.problems, merged.reference_fields) == ([], set())


@pytest.mark.parametrize("contested", ["host", "venue_country", "city", "venue"])
def test_reference_knowledge_does_not_place_what_sources_place_apart(contested: str) -> None:
    apart: list[dict[str, Any]] = [{contested: each, "evidence": cite(each)} for each in "ab"]
    sources = [told(each, **content) for each, content in zip("ab", apart, strict=True)]
    point = {"latitude": 1.5, "longitude": 2}
    places = dict.fromkeys(("host", "venue_country", "city", "venue"), "a")
    where: dict[str, Any] = {**places, "coordinates": point}
    merged = merge([*sources, lore(**where, purpose="Peace")])
    assert {name: merged.content.get(name) for name in where} == {
        **dict.fromkeys(where), contested: "a",
    }  # fmt: skip
    assert (merged.problems, merged.reference_fields) == ([], {"purpose"})
    agreed = merge([sources[0], lore(**where)])
    assert agreed.content["coordinates"] == point


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


def span(key: str, first: int, last: int | None) -> Sitting:
    ends = (date(2030, 1, day) if day else None for day in (first, last))
    return Sitting(key, None, MeetingStatus.held, *ends)


def year(key: str, ordinal: int | None = None, *, of: int = 2030) -> Sitting:
    return Sitting(key, ordinal, MeetingStatus.held, date(of, 1, 1), date(of, 12, 31))


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
        ([held("a", None, 3), held("b", None, 1), held("c", None, 2)], {"a": 3, "b": 1, "c": 2}),
        # Nothing tells which of these two comes first, and what has a day keeps its place.
        ([held("a", 1), held("b", None, 1), PLANNED], {"a": 1, "b": None, "p": 2}),
        # A year is not its first of January.
        ([year("a"), held("b", 3)], {"a": None, "b": 1}),
        ([year("a", 2), held("b", 3, 1)], {"a": 2, "b": 1}),
        ([year("a", 1), held("b", 3, 2)], {"a": 1, "b": 2}),
        ([year("a"), held("b", 3), year("c", of=2031)], {"a": None, "b": 1, "c": 2}),
        # Neither of two that are as rough, nor of two that are planned, is put before the other.
        ([year("a"), year("b"), year("c", of=2029)], {"a": None, "b": None, "c": 1}),
        ([PLANNED, replace(PLANNED, key="q"), held("b", 1)], {"p": None, "q": None, "b": 1}),
        # What comes between two tells the order of these: a is before b, and b before c.
        ([year("a", 1), held("b", 3, 2), span("c", 4, 20)], {"a": 1, "b": 2, "c": 3}),
        # Dates that leave no doubt tell more than numbers, and what contradicts both has no place.
        ([held("a", 1, 5), held("b", 2, 3), held("c", None, 4)], {"a": 1, "b": 2, "c": None}),
        # An open end holds all later days.
        ([span("a", 1, None), held("b", 3)], {"a": None, "b": 1}),
    ],
)
def test_ranks(sittings: list[Sitting], expected: dict[str, int | None]) -> None:
    assert ranks(sittings) == expected
    assert ranks(reversed(sittings)) == expected
