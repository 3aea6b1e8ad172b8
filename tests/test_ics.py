"""iCalendar: meetings as calendar programs read them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from conftest import on_sqlite
from icalendar import Calendar
from reading import PUBLIC_URL, read
from serving import serving
from starlette.testclient import TestClient
from writing import HOSTILE, LONG, bare, page

from app.models import MeetingStatus
from app.query.forms.ics import ICS
from app.resources import RESOURCES, meetings

HELD = "trilateral-foreign-ministers-meeting-11"
OTHERS = "Wang Yi (participant, China), Cho Tae-yul (participant, South Korea)"
LEFT_OUT = "X-COMMUNIQUE-LEFT-OUT"
AT = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
MEETING: dict[str, Any] = {
    **dict.fromkeys(meetings.RESOURCE.shown),
    "id": "mtg_1", "slug": "a", "label": "A meeting", "status": MeetingStatus.held, "version": 3,
    "parties": [], "participations": [], "series": [], "topics": [], "contradictions": [],
    "date_start": date(2030, 5, 2), "date_end": date(2030, 5, 4), "created_at": AT,
    "updated_at": AT,
}  # fmt: skip


def written(*items: dict[str, Any]) -> bytes:
    return ICS.write(page(meetings.RESOURCE, [{**MEETING, **item} for item in items]))


def read_calendar(raw: bytes) -> Any:
    return Calendar.from_ical(raw)


def event(**of: Any) -> Any:
    [found] = read_calendar(written(of)).events
    assert found.errors == []
    return found


def test_only_meetings_come_as_ics() -> None:
    assert [one.name for one in RESOURCES if "ics" in one.forms] == ["meetings"]


@on_sqlite
def test_a_calendar_opens_from_its_address(seeded: str, client: TestClient) -> None:
    with (
        serving(seeded) as address,
        urlopen(f"{address}/v1/meetings?format=ics") as answer,
    ):
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        calendar = read_calendar(answer.read())
    records = read(client, "/v1/meetings")["items"]
    known = [one for one in records if one["date_start"]]
    assert [each["UID"].partition("@")[0] for each in calendar.events] == [
        one["id"] for one in known
    ]
    # The meeting of 2023, of which only the year is known, and the planned summit.
    assert (len(records), len(known)) == (3, 1)
    [left_out] = [each for each in calendar.subcomponents if each.name == LEFT_OUT]
    assert left_out[LEFT_OUT] == "2"
    assert left_out["COMMENT"] == "Without a known day and therefore left out: 2"


def test_the_meeting_of_the_article(client: TestClient) -> None:
    calendar = read_calendar(client.get(f"/v1/meetings/{HELD}?format=ics").content)
    record = read(client, f"/v1/meetings/{HELD}")
    [found] = calendar.events
    assert calendar["X-WR-CALNAME"] == "Communiqué: meetings"
    assert (found["UID"], found["SEQUENCE"]) == (f"{record['id']}@kb.example", 0)
    changed = datetime.fromisoformat(record["updated_at"]).replace(microsecond=0)
    assert {found[name].dt for name in ("DTSTAMP", "CREATED", "LAST-MODIFIED")} == {changed}
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2025, 3, 22), date(2025, 3, 23))
    assert (found["SUMMARY"], found["STATUS"]) == (record["name"], "CONFIRMED")
    assert (found["LOCATION"], found["URL"]) == (
        "Tokyo, Japan",
        f"{PUBLIC_URL}/v1/meetings/{record['id']}",
    )
    assert found["GEO"].to_ical() == "35.6895;139.6917"
    assert found["CATEGORIES"].cats == [topic["name"] for topic in record["topics"]]
    assert found["DESCRIPTION"] == "\n".join(
        [
            record["purpose"],
            "Status: held",
            f"Participants: Iwaya Takeshi (host, Japan), {OTHERS}",
            "Parties: China, Japan, South Korea",
            "Host: Japan",
            "City: Tokyo",
            "Country: Japan",
            "Date: 2025-03-22 (“March 22” in the source)",
        ]
    )


@on_sqlite
def test_names_come_in_the_language_that_is_asked_for(client: TestClient) -> None:
    answer = client.get(f"/v1/meetings/{HELD}?format=ics&lang=ja")
    [found] = read_calendar(answer.content).events
    assert (found["SUMMARY"], found["LOCATION"]) == ("第11回日中韓外相会議", "東京, 日本")


def test_what_no_source_states_is_no_date(client: TestClient) -> None:
    answer = client.get("/v1/meetings?format=ics&basis=source")
    calendar = read_calendar(answer.content)
    assert (calendar.events, "2025" in answer.text, "GEO" in answer.text) == ([], False, False)
    assert f"\r\n{LEFT_OUT}:3\r\n" in answer.text


def test_what_has_no_name_is_told_in_our_words() -> None:
    nameless = {"id": "x", "slug": "a-b", "name": None}
    part = {"participant": nameless, "role": "host", "country": nameless}
    found = event(topics=[nameless], participations=[part])
    assert found["CATEGORIES"].cats == ["The x"]
    assert "Participants: The x (host, The x)" in found["DESCRIPTION"].splitlines()


@on_sqlite
def test_a_calendar_of_nothing(client: TestClient) -> None:
    answer = client.get("/v1/meetings?format=ics&status=cancelled")
    assert read_calendar(answer.content).events == []
    assert answer.text.endswith(f"{LEFT_OUT}:0\r\nEND:{LEFT_OUT}\r\nEND:VCALENDAR\r\n")


@on_sqlite
def test_disputes_are_no_events(client: TestClient) -> None:
    answer = client.get("/v1/disputes?format=ics")
    assert (answer.status_code, answer.json()["errors"][0]["allowed"]) == (
        406,
        [*next(one for one in RESOURCES if one.name == "disputes").forms],
    )


@on_sqlite
def test_fields_of_an_event_are_not_chosen(client: TestClient) -> None:
    error = client.get("/v1/meetings?format=ics&fields=name").json()["errors"][0]
    assert (error["parameter"], error["code"]) == ("fields", "unsuitable_parameter")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (MeetingStatus.held, "CONFIRMED"),
        (MeetingStatus.planned, "TENTATIVE"),
        (MeetingStatus.postponed, "TENTATIVE"),
        (MeetingStatus.cancelled, "CANCELLED"),
    ],
)
def test_status(status: MeetingStatus, told: str) -> None:
    found = event(status=status)
    assert (found["STATUS"], found["DESCRIPTION"]) == (told, f"Status: {status.value}")


def test_days_and_versions() -> None:
    found = event()
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2030, 5, 2), date(2030, 5, 5))
    assert (found["SEQUENCE"], found["DTSTAMP"].dt) == (2, datetime(2026, 1, 2, 3, 4, 5, 0, UTC))


def test_the_ends_of_the_calendar() -> None:
    found = event(date_start=date.min, date_end=date.min)
    assert b"\r\nDTSTART;VALUE=DATE:00010101\r\n" in written({"date_start": date.min})
    assert found["DTEND"].dt == date(1, 1, 2)
    last = event(date_start=date(9999, 12, 30), date_end=date.max)
    assert ("DTEND" in last, last["DURATION"].dt) == (False, timedelta(2))


def test_a_meeting_whose_last_day_is_not_known_is_left_out() -> None:
    calendar = read_calendar(written({"date_end": None}, {}, {"date_start": None}))
    assert [len(calendar.events), calendar.subcomponents[-1][LEFT_OUT]] == [1, "2"]


@pytest.mark.parametrize("text", [*HOSTILE, LONG], ids=lambda text: ascii(text[:12]))
def test_texts_survive(text: str) -> None:
    raw = written({"purpose": text, "venue": text, "date_as_written": text})
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert not set(raw.replace(b"\r\n", b"")) & {*b"\r\n"}
    [found] = read_calendar(raw).events
    told = bare(text)
    assert found["LOCATION"] == told
    assert found["DESCRIPTION"].startswith(f"{told}\nStatus: held\nVenue: ")
