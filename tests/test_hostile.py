"""What comes from those who mean no good: it is refused in one shape, never echoed, and quickly."""

import re
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from conftest import on_sqlite
from fastapi import FastAPI
from reading import PUBLIC_URL
from wire import Answer, Wire, problem_in, wired

from app.resources import RESOURCES

MARK = "zqxj"
"""Part of every hostile value, by which an echo is recognized."""
SECONDS = 5
"""More than any answer takes, and less than a regular expression that runs away."""

TEXTS = {
    "nul": f"%00{MARK}",
    "nul-within": f"a%00{MARK}",
    "bell": f"%07{MARK}",
    "delete": f"{MARK}%7F",
    "next-line": f"%C2%85{MARK}",
    "override": f"%E2%80%AE{MARK}",
    "isolate": f"%E2%81%A6{MARK}",
    "newline": f"{MARK}%0D%0ASet-Cookie:%20a=b",
    "lone-surrogate": f"%ED%A0%80{MARK}",
    "not-utf-8": f"%FF%FE{MARK}",
    "cut-short": f"{MARK}%E4%B8",
    "overlong": f"%C0%AF{MARK}",
    "half-escape": f"{MARK}%2",
    "no-escape": f"%zz{MARK}",
    "byte-order-mark": f"%EF%BB%BF{MARK}",
    "beyond-unicode": f"%F4%90%80%80{MARK}",
    "no-character": f"%EF%BF%BF{MARK}",
    "emoji": quote(f"👩‍👩‍👧{MARK}"),
    "zalgo": quote("z" + "\u0301" * 100 + MARK),
    "long": MARK + "a" * 10_000,
    "wide": quote("界" * 1500 + MARK),
    "huge-number": "9" * 400,
    "beyond-64-bits": str(2**63),
    "beyond-32-bits": str(2**31),
    "negative": "-1",
    "very-negative": "-9" + "9" * 40,
    "float": "1e999",
    "infinity": "Infinity",
    "not-a-number": "NaN",
    "hexadecimal": "0x7F",
    "other-digits": quote("١٢٣"),
    "superscript": quote("²"),
    "commas": "," * 5_000,
    "many-values": ",".join(f"{MARK}{number}" for number in range(900)),
    "exclamations": "!" * 300 + MARK,
    "only-not": "!",
    "regular-expression": quote("(a+)+$" * 20 + MARK),
    "backtracking": "a" * 4_000 + "!" + MARK,
    "dashes": "-" * 4_000 + MARK,
    "quote": quote(f"' OR 1=1 --{MARK}"),
    "statement": quote(f"'; DROP TABLE record; --{MARK}"),
    "union": quote(f"x' UNION SELECT secret FROM instance --{MARK}"),
    "wildcard": quote(f"%_*{MARK}"),
    "template": quote(f"{{{{7*7}}}}${{7*7}}{MARK}"),
    "format": quote(f"%s%n{{0}}{{__class__}}{MARK}"),
    "markup": quote(f"<script>alert(1)</script>{MARK}"),
    "json": quote(f'{{"$gt": "{MARK}"}}'),
    "path": quote(f"../../../../etc/passwd{MARK}", safe=""),
    "address": quote(f"http://169.254.169.254/{MARK}", safe=""),
    "lookup": quote(f"${{jndi:ldap://x/{MARK}}}"),
    "punctuation": quote('"*^:()[]{}<>+-~|&\\/@#=;?,.!'),
    "operators": quote(f"NEAR({MARK} AND) OR NOT col:x* ^a -b +c"),
    "open-quote": quote(f'"{MARK}'),
    "empty": "",
    "blank": "%20%20",
    "wide-blank": "%E3%80%80",
}


@pytest.fixture(scope="module")
def wire(app: FastAPI) -> Iterator[Wire]:
    with wired(app) as wire:
        yield wire


def told_off(
    wire: Wire, target: str | bytes, headers: list[tuple[str, bytes]] | None = None
) -> Answer:
    """The answer to a hostile request, which may be an error of the caller and never of ours."""
    began = time.perf_counter()
    answer = wire.ask(target, headers or [])
    assert time.perf_counter() - began < SECONDS
    if answer.status != 200:
        problem = problem_in(answer)
        assert 400 <= problem.status < 500
        # The address itself is told again where it is made of harmless letters alone.
        told = problem.model_dump_json(exclude={"instance"})
        assert re.fullmatch(r"[A-Za-z0-9_./~-]{1,200}", problem.instance)
        assert MARK not in told
        assert MARK not in str(answer.headers)
        assert "set-cookie" not in answer.headers
    return answer


def parameters() -> dict[str, str]:
    """An address that takes each parameter there is."""
    found: dict[str, str] = {}
    for resource in RESOURCES:
        found |= dict.fromkeys(resource.list_parameters.model_fields, f"/v1/{resource.name}?")
    facet = {"facet": "/v1/statements/facets?"}
    return {**found, **facet}


def kinds() -> dict[str, str]:
    """Of each parameter of a filter the one that stands for all of its kind; others for themselves.

    What is checked of a value is the same for all parameters of one kind.
    """
    found = {name: name for name in parameters()}
    first: dict[tuple[type, int], str] = {}
    for resource in RESOURCES:
        for name, one in resource.all_filters.items():
            for place, parameter in enumerate(one.parameters(name)):
                found[parameter] = first.setdefault((type(one), place), parameter)
    return found


@on_sqlite
@pytest.mark.parametrize("name", parameters())
def test_a_hostile_value_is_refused(wire: Wire, name: str) -> None:
    """Only free text, and what asks for a number or a country, has hostile values for answers.

    One of each kind of parameters is asked everything, and the others each something else.
    """
    address, place = parameters()[name], [*parameters()].index(name)
    asked = [*TEXTS.items()] if kinds()[name] == name else [*TEXTS.items()][place % 8 :: 8]
    answered = {
        kind for kind, value in asked if told_off(wire, f"{address}{name}={value}").status == 200
    }
    numbers = {"ordinal", "paragraph", "sentence"}
    assert answered <= (set(TEXTS) if name == "q" else {"no-escape"} if name in numbers else set())


@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_text_beside_what_is_fine_is_refused(wire: Wire, kind: str) -> None:
    hostile = TEXTS[kind]
    for target in (
        f"/v1/statements?topic=trade,{hostile}",
        f"/v1/statements?topic=trade&topic={hostile}",
        f"/v1/statements?topic=!{hostile}",
        f"/v1/statements/facets?facet=topic&speaker={hostile}",
        f"/v1/meetings?sort=date,{hostile}",
        f"/v1/disputes?between=jpn,{hostile}",
        f"/v1/evidence?record={hostile}&collection=statements",
        f"/v1/countries/jpn?fields={hostile}",
    ):
        assert told_off(wire, target).status in (400, 422), target


@on_sqlite
@pytest.mark.parametrize("kind", TEXTS)
def test_a_hostile_name_of_a_parameter_is_refused(wire: Wire, kind: str) -> None:
    for target in (f"/v1/meetings?{TEXTS[kind]}=1", f"/v1/meetings?limit=1&{TEXTS[kind]}[]=1"):
        assert told_off(wire, target).status in (400, 422)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_hostile_path_is_not_found(wire: Wire, kind: str) -> None:
    hostile = TEXTS[kind].replace("?", "%3F")
    for target in (
        f"/v1/meetings/{hostile}",
        f"/{hostile}",
        f"/v1/{hostile}",
        f"/docs/{hostile}",
        f"/problems/{hostile}",
        f"/v1/meetings/facets/{hostile}",
    ):
        answer = told_off(wire, target)
        # What is empty or blank leaves an address that may exist.
        assert answer.status != 200 or hostile == ""


@pytest.mark.parametrize(
    "path",
    [
        "/v1/countries/jpn%2F", "/v1/countries/..%2F..%2Fetc%2Fpasswd", "/v1/countries/.",
        "/v1/countries/%2e%2e/meetings", "/v1/countries/;x=1", "/v1/countries/jpn;x",
        "/v1/countries/jpn%00", "/v1/countries/jpn%20", "/v1/countries/%20jpn",
        "/v1/countries/jpn%0A", "//v1/countries", "/v1/./countries", "/v1/countries\\jpn",
        "/v1/countries/%5c..", "/docs/..%2fdocs.html", "/docs/%2e%2e%2fsettings",
        "/static/docs.html", "/docs/../app/cli", "/problems/%3Cscript%3E", "/%", "/%%",
        "/v1/countries/%", "/v1/countries/*", "/v1/countries/'", "/v1/countries/JPN,CHN",
        "/v1/countries/!jpn",
    ],
)  # fmt: skip
def test_a_trick_with_a_path_leads_nowhere(wire: Wire, path: str) -> None:
    assert told_off(wire, path).status == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", b"\xff\xfe"),
        ("Accept", b"," * 5000),
        ("Accept", b"application/json;q=" + b"9" * 5000),
        ("Accept", b"application/json;q=nan, */*;q=1e999"),
        ("Accept", b";;;q=;q=;"),
        ("Accept", b"*" * 10_000),
        ("Accept", b"text/html;level=" + b'"' * 1000),
        ("Accept-Language", b"\x80\x81"),
        ("Accept-Language", b"-" * 10_000),
        ("Accept-Language", b"zh-" * 3000),
        ("Accept-Language", b"ja;q=1e999,ko;q=-1,zh;q=nan"),
        ("If-None-Match", b'"' * 10_000),
        ("If-None-Match", b"W/" * 5000),
        ("If-None-Match", b"\xff"),
        ("If-None-Match", b"*"),
        ("Range", b"bytes=" + b"0-1," * 2000),
        ("Range", b"bytes=-" + b"9" * 5000),
        ("Range", b"bytes=9-1"),
        ("X-Request-ID", b"a\r\nX-Evil: 1"),
        ("X-Request-ID", b"\xff" * 64),
        ("Origin", b"\xff\r\n"),
        ("Origin", b"null"),
        ("Access-Control-Request-Method", b"\xff"),
        ("Cookie", b"a=" + b"b" * 20_000),
        ("Host", b"evil.example"),
        ("Host", b"\xff"),
        ("Host", b""),
        ("Content-Length", b"-1"),
        ("Content-Length", b"9" * 50),
        ("Content-Type", b"\xff"),
        ("X-Forwarded-For", b"127.0.0.1, " * 500),
        ("Authorization", b"Basic \xff"),
        ("\u00ff", b"x"),
        ("", b""),
    ],
)
@pytest.mark.parametrize("address", ["/v1/statements", "/v1/statements?format=csv", "/"])
def test_a_hostile_header_does_no_harm(wire: Wire, address: str, name: str, value: bytes) -> None:
    answer = wire.ask(address, [(name, value)])
    assert answer.status in (200, 206, 304, 406, 413, 416, 431)
    assert "evil" not in answer.text.lower() + str(answer.headers).lower()
    if answer.status not in (200, 206, 304):
        problem_in(answer)


def test_many_headers_and_long_ones_are_refused(wire: Wire) -> None:
    for headers in ([("X-A", b"b")] * 200, [("X-A", b"b" * 40_000)]):
        assert problem_in(wire.ask("/v1/meetings", headers)).status == 431


def test_many_parameters_are_refused_at_once(wire: Wire) -> None:
    for target in (
        "/v1/meetings?" + "&".join(f"x{number}=1" for number in range(1500)),
        "/v1/meetings?" + "&" * 16_000,
        "/v1/meetings?" + "=" * 16_000,
        "/v1/meetings?" + "limit=1&" * 1500,
        "/v1/meetings?" + "topic=trade&" * 1200,
        "/v1/meetings?" + "a[b]" * 3000 + "=1",
    ):
        answer = told_off(wire, target)
        assert answer.status in (200, 422)
        assert len(answer.body) < 40_000


@pytest.mark.parametrize(
    "cursor",
    [
        "", "a", "=", "====", "a" * 4000, "a" * 4001, "AAAA", "e30", "W10", "bnVsbA", "%00", "%20",
        "-_-_", "WyIyMDI1LTAzLTIyIiwgIjIwMjUtMDMtMjIiLCAibXRnXzEiXQ", "null", "0", "../..",
        "%ED%A0%80",
    ],
)  # fmt: skip
def test_a_made_up_cursor_is_refused(wire: Wire, cursor: str) -> None:
    assert told_off(wire, f"/v1/meetings?cursor={cursor}").status in (400, 422)


def test_nothing_of_the_request_reaches_a_link(wire: Wire) -> None:
    answer = wire.ask("/v1/statements?limit=1&q=%22%3E%3Cscript%3E", [("Host", b"evil")])
    assert answer.status == 200
    answer = wire.ask("/v1/statements?limit=1&has_topic=true", [("Host", b"evil\r\nX: y")])
    assert answer.headers["link"].startswith(f"<{PUBLIC_URL}/v1/statements?limit=1&has_topic=true")
