"""Dates: which days each form allows, and what is refused."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.dates import ALLOWED, Span, narrows, parse, refines


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("2025-03", "2025-03-01", "2025-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("000X", "0001-01-01", "0009-12-31"),
        ("2025-XX", "2025-01-01", "2025-12-31"),
        ("2025-1X", "2025-10-01", "2025-12-31"),
        ("2025-03-XX", "2025-03-01", "2025-03-31"),
        ("2023-02-XX", "2023-02-01", "2023-02-28"),
        ("2025-03-2X", "2025-03-20", "2025-03-29"),
        ("2025-04-3X", "2025-04-30", "2025-04-30"),
        ("2025-XX-31", "2025-01-31", "2025-12-31"),
        ("202X-03-22", "2020-03-22", "2029-03-22"),
        ("202X-02-29", "2020-02-29", "2028-02-29"),
        ("2025?", "2025-01-01", "2025-12-31"),
        ("2025-03-22?", "2025-03-22", "2025-03-22"),
        ("2024-05-26?/2024-05-27", "2024-05-26", "2024-05-27"),
        ("2025-03~", "2025-03-01", "2025-03-31"),
        ("2025-21", "2025-03-01", "2025-05-31"),
        ("2025-22", "2025-06-01", "2025-08-31"),
        ("2025-23", "2025-09-01", "2025-11-30"),
        ("2025-24", "2025-12-01", "2026-02-28"),
        ("2023-24%", "2023-12-01", "2024-02-29"),
        ("9999-24", "9999-12-01", "9999-12-31"),
        ("2025-33", "2025-01-01", "2025-03-31"),
        ("2025-34", "2025-04-01", "2025-06-30"),
        ("2025-35", "2025-07-01", "2025-09-30"),
        ("2025-36", "2025-10-01", "2025-12-31"),
        ("2025-40", "2025-01-01", "2025-06-30"),
        ("2025-41", "2025-07-01", "2025-12-31"),
        ("2025-03/2025-05", "2025-03-01", "2025-05-31"),
        ("2025-24/2026", "2025-12-01", "2026-12-31"),
        ("2025/..", "2025-01-01", None),
        ("2025/", "2025-01-01", None),
        ("../2025-03", None, "2025-03-31"),
        ("/2025-03", None, "2025-03-31"),
        ("[2025-03,2026]", "2025-03-01", "2026-12-31"),
        ("[2026, 2025-03]", "2025-03-01", "2026-12-31"),
        ("[2025-03-21,2025-03-22]", "2025-03-21", "2025-03-22"),
        ("[..2025]", None, "2025-12-31"),
        ("[2025,2027..]", "2025-01-01", None),
        ("[2025-03..2025-05,2024]", "2024-01-01", "2025-05-31"),
    ],
)
def test_a_date_allows_a_span(edtf: str, earliest: str | None, latest: str | None) -> None:
    span = parse(edtf)
    assert (span.earliest, span.latest) == (day(earliest), day(latest))


@pytest.mark.parametrize(
    ("edtf", "start", "end"),
    [
        ("2025-03-22", "2025-03-22", "2025-03-22"),
        ("2025-03-22?", None, None),
        ("2025-03-22~", None, None),
        ("2025-03-22%", None, None),
        ("2024-05-26?/2024-05-27", None, None),
        ("2024-05-26/2024-05-27~", None, None),
        ("2024-05-26/2024~", None, None),
        ("2025-03-22/2025-03-24", "2025-03-22", "2025-03-24"),
        ("2025-03-22/2025-04", "2025-03-22", None),
        ("2025-03-22/..", "2025-03-22", None),
        ("/2025-03-22", None, "2025-03-22"),
        ("2025-03", None, None),
        ("2025-03-2X", None, None),
        ("2025-04-3X", "2025-04-30", "2025-04-30"),
        ("[2025-03-21,2025-03-22]", None, None),
        ("XXXX-03-22", None, None),
    ],
)
def test_ends_are_set_where_the_day_is_known(edtf: str, start: str | None, end: str | None) -> None:
    span = parse(edtf)
    assert (span.start, span.end) == (day(start), day(end))


@pytest.mark.parametrize("edtf", ["XXXX", "XXXX-03", "XXXX-03-22", "XXXX-02-29", "XXXX-21"])
def test_an_unknown_year_has_no_span(edtf: str) -> None:
    assert parse(edtf) == Span(None, None, None, None)


@pytest.mark.parametrize(
    ("edtf", "reason"),
    [
        ("", "the form is not known"),
        ("22 March 2025", "the form is not known"),
        ("2025-3-22", "the form is not known"),
        ("20250322", "the form is not known"),
        ("2025-03-22T10:00:00", "the form is not known"),
        ("2X25", "the form is not known"),
        ("２０２５", "the form is not known"),
        ("2025-03-22\n", "the form is not known"),
        ("-2025", "the form is not known"),
        ("12025", "the form is not known"),
        ("[]", "the form is not known"),
        ("2025/2026/2027", "the form is not known"),
        ("0000", "years are 0001 to 9999"),
        ("2025-13", "the calendar has no such day"),
        ("2025-00", "the calendar has no such day"),
        ("2025-02-30", "the calendar has no such day"),
        ("XXXX-02-30", "the calendar has no such day"),
        ("2025-02-3X", "the calendar has no such day"),
        ("2025-21-01", "a part of a year has no days"),
        ("/", "a range has at least one end"),
        ("../..", "a range has at least one end"),
        ("2026/2025", "a range ends after it begins"),
        ("XXXX-03-22/2025", "a range does not begin or end in an unknown year"),
        ("[XXXX-03-22,2025]", "a choice has no date of an unknown year"),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(edtf: str, reason: str) -> None:
    with pytest.raises(ValueError, match="not a date") as caught:
        parse(edtf)
    assert str(caught.value) == f"not a date that is understood ({reason}): {ALLOWED}"


@pytest.mark.parametrize(
    ("stated", "full", "expected"),
    [
        ("XXXX-03-22", "2025-03-22", True),
        ("XXXX-03-22", "202X-03-22", True),
        ("2025-XX", "2025-03", True),
        ("2025-03-22", "2025-03-22", False),
        ("XXXX-03-22", "2025-03-23", False),
        ("2025-03-22", "XXXX-03-22", False),
        ("2025", "2025-03", False),
        ("2025-03-22", "2025-03-22~", False),
        ("202X", "XXXX", False),
    ],
)
def test_refining_fills_in_unknown_digits_only(stated: str, full: str, expected: bool) -> None:
    assert refines(stated, full) is expected


@given(st.dates())
def test_a_day_is_its_own_span(when: date) -> None:
    assert parse(when.isoformat()) == Span(when, when, when, when)


@given(st.dates(), st.sets(st.sampled_from([0, 1, 2, 3])), st.booleans(), st.booleans())
def test_the_span_holds_every_day_that_the_digits_allow(
    when: date, years: set[int], month: bool, days: bool
) -> None:
    kept = 4 - len(years)
    year = f"{when:%Y}".zfill(4)[:kept] + "X" * (4 - kept)
    edtf = f"{year}-{'XX' if month else f'{when:%m}'}-{'XX' if days else f'{when:%d}'}"
    span = parse(edtf)
    assert refines(edtf, when.isoformat()) is ("X" in edtf)
    if kept:
        assert span.earliest is not None
        assert span.latest is not None
        assert span.earliest <= when <= span.latest
    else:
        assert span == Span()


@given(st.dates(max_value=date.max - timedelta(days=400)), st.integers(0, 400))
def test_an_interval_runs_from_its_first_to_its_last_day(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert parse(f"{first}/{last}") == Span(first, last, first, last)
    assert parse(f"{first}/..") == Span(first, None, first, None)
    assert parse(f"[{first},{last}]") == Span(first, last, None, None)


@given(st.text(alphabet="0123456789X-/.[],?~%", max_size=24))
def test_a_string_is_a_date_or_a_value_error(edtf: str) -> None:
    with suppress(ValueError):
        span = parse(edtf)
        assert span.earliest is None or span.latest is None or span.earliest <= span.latest


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2025", "2025-03", True),
        ("2025-03", "2025-03-22?", True),
        ("XXXX-03-22", "2025-03-22", True),
        ("XXXX-03-22", "XXXX-03-23", False),
        ("XXXX-03-22", "2025-03-23", False),
        ("XXXX-03-2X", "XXXX-03-22", True),
        ("XXXX-03-22", "2025-03", False),
        ("2025-03-22", "2025-03-23", False),
        ("2025-21", "2025-03", True),
        ("2025-21", "2025-06", False),
        ("2025-03/2025-05", "2025-05/2025-07", False),
        ("2025-03/..", "2026", True),
        ("../2024", "2025-03", False),
    ],
)
def test_one_date_narrows_another(one: str, other: str, expected: bool) -> None:
    assert narrows(one, other) is expected
    assert not narrows(other, one)
