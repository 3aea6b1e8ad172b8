"""Citations: a record and its sources, as people and programs cite them."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from bundles import RECORDS, echo, sealed
from conftest import Databases, client_of, disposing, on_sqlite, service
from reading import PUBLIC_URL, read
from starlette.testclient import TestClient
from writing import HOSTILE, LONG

from app.citations.apa import apa
from app.citations.bibtex import bibtex
from app.citations.citation import Citation, Cited
from app.citations.csl import csl
from app.citations.dates import UNKNOWN, Date
from app.citations.fragment import leading_to
from app.citations.ris import ris
from app.citations.router import STYLES
from app.db import create_engine
from app.migrate import migrate
from app.models import Collection, MeetingStatus
from app.query.forms.entries import line as one_line
from app.query.resource import Resource
from app.resources import RESOURCES
from seeds.ids import record_id
from seeds.load import seed

ARTICLE = "[Article on the trilateral talks of March 22 in Tokyo]"
STATEMENT = "/v1/statements/iwaya-on-denuclearization"
DISPUTE = "/v1/disputes/senkaku-diaoyu-islands"
SOURCE = "/v1/sources/trilateral-talks-in-tokyo"
MEDIA_TYPES = {
    "apa": "text/plain; charset=utf-8",
    "bibtex": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl_json": "application/vnd.citationstyles.csl+json",
}
EXPECTED = {
    (STATEMENT, "apa"): (
        "Iwaya on the denuclearization of North Korea [Statement, 2025-03-22 (“March 22” in the "
        f"source)]. (n.d.). In {ARTICLE} (para. 6, sentence 3). Communiqué. {{url}}\n"
    ),
    (STATEMENT, "bibtex"): (
        "@incollection{{{id},\n"
        "  title = {{{{Iwaya on the denuclearization of North Korea}}}},\n"
        f"  booktitle = {{{{{{{{{ARTICLE}}}}}}}}},\n"
        "  note = {{Statement, 2025-03-22 (“March 22” in the source): para. 6, sentence 3. "
        "Communiqué}},\n"
        "  url = {{{url}}}\n}}\n"
    ),
    (STATEMENT, "ris"): (
        "TY  - GEN\r\nID  - {id}\r\nTI  - Iwaya on the denuclearization of North Korea\r\n"
        f"T2  - {ARTICLE}\r\n"
        "N1  - Statement, 2025-03-22 (“March 22” in the source): para. 6, sentence 3\r\n"
        "DB  - Communiqué\r\nUR  - {url}\r\nER  - \r\n"
    ),
    (DISPUTE, "apa"): (
        f"Senkaku/Diaoyu Islands [Dispute]. (n.d.). In {ARTICLE} (para. 8, sentence 3; "
        "para. 10, sentence 2). Communiqué. {url}\n"
    ),
    (DISPUTE, "bibtex"): (
        "@incollection{{{id},\n  title = {{{{Senkaku/Diaoyu Islands}}}},\n"
        f"  booktitle = {{{{{{{{{ARTICLE}}}}}}}}},\n"
        "  note = {{Dispute: para. 8, sentence 3; para. 10, sentence 2. Communiqué}},\n"
        "  url = {{{url}}}\n}}\n"
    ),
    (DISPUTE, "ris"): (
        "TY  - GEN\r\nID  - {id}\r\nTI  - Senkaku/Diaoyu Islands\r\n"
        f"T2  - {ARTICLE}\r\n"
        "N1  - Dispute: para. 8, sentence 3; para. 10, sentence 2\r\n"
        "DB  - Communiqué\r\nUR  - {url}\r\nER  - \r\n"
    ),
    (SOURCE, "apa"): f"{ARTICLE}. (n.d.). Communiqué. {{url}}\n",
    (SOURCE, "bibtex"): (
        f"@misc{{{{{{id}},\n  title = {{{{{{{{{ARTICLE}}}}}}}}},\n"
        "  note = {{Communiqué}},\n  url = {{{url}}}\n}}\n"
    ),
    (SOURCE, "ris"): (
        f"TY  - GEN\r\nID  - {{id}}\r\nTI  - {ARTICLE}\r\nLA  - en\r\n"
        "DB  - Communiqué\r\nUR  - {url}\r\nER  - \r\n"
    ),
}
IN_ARTICLE = {"container-title": ARTICLE, "source": "Communiqué"}
CSL: dict[str, dict[str, Any]] = {
    STATEMENT: IN_ARTICLE | {
        "type": "entry",
        "title": "Iwaya on the denuclearization of North Korea",
        "genre": "Statement",
        "event-date": {"date-parts": [[2025, 3, 22]]},
        "note": "Statement, 2025-03-22 (“March 22” in the source): para. 6, sentence 3",
    },
    DISPUTE: IN_ARTICLE | {
        "type": "entry",
        "title": "Senkaku/Diaoyu Islands",
        "genre": "Dispute",
        "note": "Dispute: para. 8, sentence 3; para. 10, sentence 2",
    },
    SOURCE: {"type": "document", "title": ARTICLE, "language": "en", "source": "Communiqué"},
}  # fmt: skip


def cited(client: TestClient, path: str, /, **parameters: str) -> str:
    answer = client.get(f"{path}/citation", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPES[parameters.get("style", "apa")]
    return answer.text


@pytest.mark.parametrize(("path", "style"), EXPECTED)
def test_a_record_of_the_article(client: TestClient, path: str, style: str) -> None:
    id = read(client, path)["id"]
    url = f"{PUBLIC_URL}{path.rpartition('/')[0]}/{id}"
    assert cited(client, path, style=style) == EXPECTED[path, style].format(id=id, url=url)


@on_sqlite
@pytest.mark.parametrize("path", CSL)
def test_a_record_of_the_article_for_processors(client: TestClient, path: str) -> None:
    id = read(client, path)["id"]
    [item] = client.get(f"{path}/citation?style=csl_json").json()
    check_csl(item)
    assert item == CSL[path] | {"id": id, "URL": f"{PUBLIC_URL}{path.rpartition('/')[0]}/{id}"}


TEXTS = {
    "id", "type", "title", "genre", "container-title", "publisher", "language", "note", "source",
    "URL",
}  # fmt: skip
NAMES = {"author", "container-author"}
DATES = {"issued", "event-date"}


def check_csl(item: dict[str, Any]) -> None:
    """That an item has the shape of the CSL data schema, as far as we use it."""
    assert {"id", "type"} <= set(item) <= TEXTS | NAMES | DATES
    assert item["type"] in ("entry", "document")
    for name in TEXTS & set(item):
        assert isinstance(item[name], str), name
        assert item[name], name
    for name in NAMES & set(item):
        assert all(list(one) == ["literal"] and one["literal"] for one in item[name]), name
    for name in DATES & set(item):
        assert set(item[name]) <= {"date-parts", "circa", "literal"}
        parts = item[name].get("date-parts", [[1]])
        assert 1 <= len(parts) <= 2
        assert all(1 <= len(part) <= 3 and {int} == set(map(type, part)) for part in parts)


@pytest.mark.parametrize("style", STYLES)
def test_what_no_source_states_is_not_cited(client: TestClient, style: str) -> None:
    told = cited(client, STATEMENT, style=style, basis="source")
    assert "2025" not in told
    assert "Statement, “March 22” in the source" in told


@on_sqlite
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_every_collection_is_cited(client: TestClient, resource: Resource) -> None:
    [one] = read(client, f"/v1/{resource.name}", limit=1)["items"]
    path = f"/v1/{resource.name}/{one['id']}"
    check_csl(*json.loads(cited(client, path, style="csl_json")))
    told = cited(client, path)
    assert told.endswith(f"Communiqué. {PUBLIC_URL}{path}\n")


# ------------------------------------------------------------------------ the request


@on_sqlite
def test_the_style_is_chosen_by_name_or_by_header(client: TestClient) -> None:
    for style, media_type in MEDIA_TYPES.items():
        by_name = client.get(f"{DISPUTE}/citation", params={"style": style})
        accept = {"Accept": f"application/pdf, {media_type.partition(';')[0]};q=0.3"}
        by_header = client.get(f"{DISPUTE}/citation", headers=accept)
        assert by_header.content == by_name.content
        assert by_header.headers["content-type"] == media_type
    found = re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"', by_name.headers["link"])
    assert found == [
        (f"{PUBLIC_URL}{DISPUTE}/citation?style={style}", media_type.partition(";")[0])
        for style, media_type in list(MEDIA_TYPES.items())[:-1]
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "status", "parameter", "code"),
    [
        ("?style=mla", 422, "style", "unknown_value"),
        ("?style=apa&style=ris", 422, "style", "repeated_parameter"),
        ("?format=json", 422, "format", "unknown_parameter"),
        ("?fields=name", 422, "fields", "unknown_parameter"),
    ],
)
def test_what_is_no_style_is_refused(
    client: TestClient, asked: str, status: int, parameter: str, code: str
) -> None:
    answer = client.get(f"{DISPUTE}/citation{asked}")
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["parameter"], error["code"]) == (status, parameter, code)


@on_sqlite
def test_other_media_types_are_refused_with_those_that_there_are(client: TestClient) -> None:
    answer = client.get(f"{DISPUTE}/citation", headers={"Accept": "application/pdf"})
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["allowed"]) == (406, list(MEDIA_TYPES))


@on_sqlite
def test_a_record_that_there_is_not(client: TestClient) -> None:
    answer = client.get("/v1/disputes/senkaku-diaoyu-island/citation")
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["did_you_mean"]) == (404, "senkaku-diaoyu-islands")


@on_sqlite
def test_a_citation_is_not_sent_twice(client: TestClient) -> None:
    first = client.get(f"{DISPUTE}/citation")
    again = client.get(f"{DISPUTE}/citation", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


# --------------------------------------------------------------- sources that are known


TOY = RECORDS.replace(
    "    publisher: Toy Press\n",
    "    name: The Toy Times\n    author: Jo Three\n    publisher: Toy Press\n"
    "    url: https://toy.example/talks?no=2\n",
).replace("    label: The Toy Times\n", "").replace(
    "  - key: egg-islands\n", "  - key: egg-islands\n    former_slugs: [eggs]\n"
).replace("participants:\n", "".join(
    f"  - {{key: {status}, label: Lunch, level: foreign_ministers, status: {status}, "
    'date: {edtf: "2030-05-09"}, evidence: [{source: toy-times, words: They will meet again}]}\n'
    for status in MeetingStatus
) + "participants:\n", 1)  # fmt: skip
TARIFFS = "/v1/statements/one-on-tariffs"
WORDS = "https://toy.example/talks?no=2#:~:text="


@pytest.fixture(scope="module")
def toy(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """What one newspaper with an address tells, and another one without."""
    url, folder = databases.new(), tmp_path_factory.mktemp("toy")
    migrate(url)
    with disposing(create_engine(url)) as engine:
        seed(engine, [sealed(folder / "toy", TOY), echo(folder / "echo")])
    app = service(url)
    with client_of(app) as client:
        yield client
    app.state.engine.dispose()


@on_sqlite
def test_a_statement_leads_to_its_very_words(toy: TestClient) -> None:
    [item] = toy.get(f"{TARIFFS}/citation?style=csl_json").json()
    assert item["URL"] == f"{WORDS}said%20that%20%E2%80%9Ctariffs%20must%20fall.%E2%80%9D"
    told = f"{PUBLIC_URL}/v1/statements/{item['id']}"
    assert item["note"].endswith(f". Communiqué: {told}")
    assert item["container-author"] == [{"literal": "Jo Three"}]
    assert item["container-title"] == "[The Echo]; The Toy Times"
    assert item["publisher"] == "Echo Press; Toy Press"
    # One source is dated and the other is not: there is no one date.
    assert "issued" not in item
    assert cited(toy, TARIFFS) == (
        "Ann One on tariffs [Statement, “May 2” in the source]. (n.d.). "
        "In [The Echo] (para. 1, sentence 2); "
        f"Jo Three, The Toy Times (para. 2, sentence 1; {item['URL']}). Echo Press; Toy Press. "
        f"Communiqué. {told}\n"
    )


@on_sqlite
def test_a_record_of_one_dated_source(toy: TestClient) -> None:
    id = record_id(Collection.incidents, "boat")
    words = f"{WORDS}A%20boat%20was%20lost%20there"
    told = f"{PUBLIC_URL}/v1/incidents/{id}"
    assert cited(toy, "/v1/incidents/boat") == (
        "A boat is lost [Incident, “then” in the source]. (2030, May 3). In Jo Three, "
        f"The Toy Times (para. 2, sentence 5; {words}). Toy Press. Communiqué. {told}\n"
    )
    assert cited(toy, "/v1/incidents/boat", style="bibtex") == (
        f"@incollection{{{id},\n"
        "  title = {{A boat is lost}},\n"
        "  bookauthor = {{Jo Three}},\n"
        "  booktitle = {{The Toy Times}},\n"
        "  year = {2030},\n  month = may,\n  day = {3},\n"
        "  publisher = {{Toy Press}},\n"
        "  note = {Incident, “then” in the source: para. 2, sentence 5. "
        f"Communiqué: \\url{{{told}}}}},\n"
        f"  url = {{{words}}}\n}}\n"
    )
    assert cited(toy, "/v1/incidents/boat", style="ris").splitlines()[3:9] == [
        "T2  - The Toy Times",
        "A2  - Jo Three",
        "PY  - 2030",
        "DA  - 2030/05/03/",
        "PB  - Toy Press",
        f"N1  - Incident, “then” in the source: para. 2, sentence 5. Communiqué: {told}",
    ]


@on_sqlite
def test_a_source_is_cited_as_itself(toy: TestClient) -> None:
    address = "https://toy.example/talks?no=2"
    assert cited(toy, "/v1/sources/toy-times") == (
        f"Jo Three. (2030, May 3). The Toy Times. Toy Press. {address}\n"
    )
    [item] = toy.get("/v1/sources/toy-times/citation?style=csl_json").json()
    assert item == {
        "id": record_id(Collection.sources, "toy-times"),
        "type": "document",
        "title": "The Toy Times",
        "author": [{"literal": "Jo Three"}],
        "publisher": "Toy Press",
        "language": "en",
        "issued": {"date-parts": [[2030, 5, 3]]},
        "source": "Communiqué",
        "URL": address,
    }


@on_sqlite
@pytest.mark.parametrize("status", MeetingStatus)
def test_a_meeting_that_did_not_take_place_is_cited_as_such(
    toy: TestClient, status: MeetingStatus
) -> None:
    path = f"/v1/meetings/{status}"
    held = status is MeetingStatus.held
    kind = "Meeting" if held else f"{status.capitalize()} meeting"
    assert cited(toy, path).startswith(f"Lunch [{kind}, 2030-05-09]. ")
    assert f"note = {{{kind}, 2030-05-09: para. 2" in cited(toy, path, style="bibtex")
    assert f"\r\nN1  - {kind}, 2030-05-09: para. 2" in cited(toy, path, style="ris")
    [item] = json.loads(cited(toy, path, style="csl_json"))
    assert item["genre"] == kind
    assert item["note"].startswith(f"{kind}, 2030-05-09: para. 2")
    assert item.get("event-date") == ({"date-parts": [[2030, 5, 9]]} if held else None)


@on_sqlite
def test_a_former_slug_leads_to_the_citation_of_today(toy: TestClient) -> None:
    answer = toy.get("/v1/disputes/eggs/citation?style=ris", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (
        308,
        f"{PUBLIC_URL}/v1/disputes/egg-islands/citation?style=ris",
    )


# -------------------------------------------------------------------- what is hard to write


def made(text: str, **of: Any) -> Citation:
    """A citation in which everything is called so."""
    told = {"issued": UNKNOWN, "url": None, "places": [(1, 2), (1, 3), (1, 5), (4, 1), (1, 2)]}
    source = Cited(title=text, author=text, publisher=text, language="ja", **(told | of))
    return Citation(
        id="stm_1", title=text, kind="Statement", dated=text, event=UNKNOWN, sources=[source],
        record_url=f"{PUBLIC_URL}/v1/statements/stm_1",
    )  # fmt: skip


def whole(writer: Any, citation: Citation) -> str:
    return b"".join(writer(citation)).decode()


@pytest.mark.parametrize("text", [*HOSTILE, LONG], ids=lambda text: ascii(text[:12]))
def test_texts_survive(text: str) -> None:
    citation = made(text)
    line = one_line(text)
    written = whole(ris, citation)
    assert re.fullmatch(r"([A-Z][A-Z0-9]  - [^\r\n]*\r\n)+", written)
    fields = dict(each.split("  - ", 1) for each in written.split("\r\n")[:-1])
    assert {fields[tag] for tag in ("TI", "T2", "A2", "PB")} == {line}
    assert whole(apa, citation).count("\n") == 1
    found = fields_of(whole(bibtex, citation))
    assert {found[name] for name in ("title", "bookauthor", "booktitle", "publisher")} == {
        f"{{{{{escaped(line)}}}}}"
    }


def escaped(text: str) -> str:
    """A text in LaTeX, sign by sign."""
    named = {"\\": "backslash", "{": "braceleft", "}": "braceright",
             "~": "asciitilde", "^": "asciicircum"}  # fmt: skip
    return "".join(
        f"\\text{named[sign]}{{}}" if sign in named else f"\\{sign}" if sign in "$&%#_" else sign
        for sign in text
    )


def fields_of(entry: str) -> dict[str, str]:
    """The fields of an entry as BibTeX takes them apart: by braces, whatever stands before one."""
    depth, start, found = 0, 0, {}
    for match in re.finditer("[{},]", entry):
        at, sign = match.start(), match[0]
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
        if (depth, sign) in ((1, "{"), (1, ","), (0, "}")):
            name, _, value = entry[start:at].partition(" = ")
            found[name.strip()] = value.strip()
            start = at + 1
    assert (depth, entry[-2:]) == (0, "}\n")
    return found


def test_signs_that_latex_takes_for_its_own() -> None:
    found = fields_of(whole(bibtex, made("100% {A} & B_c #1 $x \\y ~z ^")))
    assert found["title"] == (
        r"{{100\% \textbraceleft{}A\textbraceright{} \& B\_c \#1 \$x \textbackslash{}y "
        r"\textasciitilde{}z \textasciicircum{}}}"
    )


def test_an_address_has_no_brace() -> None:
    found = fields_of(whole(bibtex, made("a", url="https://a.example/{b}?c=%7Bd\\e#f_~")))
    assert found["url"] == "{https://a.example/%7Bb%7D?c=%7Bd%5Ce#f_~}"


def test_sentences_are_told_in_runs() -> None:
    assert made("a").sources[0].locator == "para. 1, sentences 2–3, 5; para. 4, sentence 1"


DAY = date(2030, 5, 3)


@pytest.mark.parametrize(
    ("item", "people", "latex", "managers", "processors"),
    [
        ({"date_edtf": "2030"}, "2030", ["year = {2030}"], ["PY  - 2030", "DA  - 2030///"],
         {"date-parts": [[2030]]}),
        ({"date_edtf": "2030-05"}, "2030, May", ["year = {2030}", "month = may"],
         ["PY  - 2030", "DA  - 2030/05//"], {"date-parts": [[2030, 5]]}),
        ({"date_edtf": "2030-05-03~"}, "ca. 2030, May 3",
         ["date = {2030-05-03\\textasciitilde{}}"], ["DA  - ///2030-05-03~"],
         {"date-parts": [[2030, 5, 3]], "circa": True}),
        ({"date_edtf": "2030?"}, "ca. 2030", ["date = {2030?}"], ["DA  - ///2030?"],
         {"date-parts": [[2030]], "circa": True}),
        ({"date_edtf": "2030-05-03?/2030-05-04"}, "ca. 2030, May 3–2030, May 4",
         ["date = {2030-05-03?/2030-05-04}"], ["DA  - ///2030-05-03?/2030-05-04"],
         {"date-parts": [[2030, 5, 3], [2030, 5, 4]], "circa": True}),
        ({"date_edtf": "2030-21~"}, "n.d.", [], [], {"literal": "2030-21~", "circa": True}),
        ({"date_edtf": "2030-05?/2030-06"}, "n.d.", [], [],
         {"literal": "2030-05?/2030-06", "circa": True}),
        ({"date_edtf": "2030-05-03/2030-05-04", "date_start": DAY, "date_end": date(2030, 5, 4)},
         "2030, May 3–2030, May 4", ["date = {2030-05-03/2030-05-04}"],
         ["PY  - 2030", "DA  - 2030///2030-05-03/2030-05-04"],
         {"date-parts": [[2030, 5, 3], [2030, 5, 4]]}),
        ({"date_edtf": "XXXX-05-03", "date_as_written": "May 3"}, "n.d.", [], [],
         {"literal": "May 3"}),
        ({"date_edtf": "2030-05-03/..", "date_start": DAY}, "n.d.", [], [],
         {"literal": "2030-05-03/.."}),
        ({"date_edtf": "2030-21"}, "n.d.", [], [], {"literal": "2030-21"}),
        ({"date_as_written": "this year"}, "n.d.", [], [], {"literal": "this year"}),
        ({}, "n.d.", [], [], None),
    ],
)  # fmt: skip
def test_dates_are_no_more_precise_than_they_are(
    item: dict[str, Any], people: str, latex: list[str], managers: list[str], processors: Any
) -> None:
    citation = made("a", issued=Date.of(item))
    assert f"]. ({people}). In " in whole(apa, citation)
    lines = [each.strip(" ,") for each in whole(bibtex, citation).splitlines()]
    assert [each for each in lines if re.match("year|month|day|date", each)] == latex
    lines = whole(ris, citation).split("\r\n")
    assert [each for each in lines if each[:2] in ("PY", "DA")] == managers
    [told] = json.loads(whole(csl, citation))
    check_csl(told)
    assert told.get("issued") == processors


@pytest.mark.parametrize(
    ("url", "words", "found"),
    [
        (
            "https://a.example/b",
            "x-y, z & “w”",
            "#:~:text=x%2Dy%2C%20z%20%26%20%E2%80%9Cw%E2%80%9D",
        ),
        ("https://a.example/b#c", "two\n words", "#c:~:text=two%20words"),
        ("https://a.example/b", "外相", "#:~:text=%E5%A4%96%E7%9B%B8"),
        ("https://a.example/b", " ", ""),
        ("https://a.example/b", "外" * 1001, ""),
        (
            "https://a.example/b",
            " ".join(f"w{number}" for number in range(100)),
            "#:~:text=w0%20w1%20w2%20w3%20w4,w95%20w96%20w97%20w98%20w99",
        ),
    ],
)
def test_addresses_of_words(url: str, words: str, found: str) -> None:
    assert leading_to(url, words) == "https://a.example/b" + found
    if "," not in found and found:
        assert unquote(leading_to(url, words)).endswith(f":~:text={' '.join(words.split())}")
