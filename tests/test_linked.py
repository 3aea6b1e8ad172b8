"""Linked data: JSON-LD, Turtle and N-Quads, as rdflib reads them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import count
from typing import Annotated, Any

import pytest
from conftest import on_sqlite
from pydantic import BaseModel
from rdflib import Dataset, Graph, Literal, Namespace, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.namespace import DC, DCTERMS, OWL, PROV, RDF, RDFS, SDO, SKOS, XSD
from rdflib.plugins.shared.jsonld import context as loading
from reading import PUBLIC_URL, Json, World, ids, read
from starlette.testclient import TestClient
from strange import TEXTS

from app.query.forms import FORMS
from app.query.forms.triples import bodies, iri, prologue
from app.query.forms.vocabulary import Terms
from app.query.forms.writer import Page
from app.query.meaning import Means
from app.query.resource import Resource
from app.query.shape import Out
from app.resources import RESOURCES

# The library warns of what it uses itself.
QUIET = pytest.mark.filterwarnings(
    "ignore:(ConjunctiveGraph|Dataset)[^ ]* is deprecated:DeprecationWarning"
)
pytestmark = [on_sqlite, QUIET]
COLLECTIONS = pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
FORM = pytest.mark.parametrize("form", ["jsonld", "ttl", "nq"])
BY_NAME = {one.name: one for one in RESOURCES}
OURS = Namespace(f"{PUBLIC_URL}/vocabulary#")
OA = Namespace("http://www.w3.org/ns/oa#")
SCHEMA = Namespace("https://schema.org/")
DATE = URIRef("http://purl.org/dc/terms/date")
EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
RECORD = re.compile(re.escape(PUBLIC_URL) + r"/v1/\w+/\w{3}_[0-9a-f-]{36}")


@pytest.fixture(autouse=True)
def offline(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give rdflib the context that we serve, and nothing else of what has an address."""

    def served(source: Any, *_: Any, **__: Any) -> tuple[Any, None]:
        assert source == f"{PUBLIC_URL}/context"
        return read(client, "/context"), None

    monkeypatch.setattr(loading, "source_to_json", served)


def graph_of(client: TestClient, path: str, form: str, /, **parameters: Any) -> Graph:
    """What an address tells in a form."""
    answer = client.get(path, params={"format": form, **parameters})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FORMS[form].media_type
    return parsed(answer.text, form)


def parsed(text: str, form: str) -> Graph:
    graph = Graph()
    if form == "nq":
        quads = list(Dataset().parse(data=text, format="nquads").quads())
        assert {quad[3] for quad in quads} <= {DATASET_DEFAULT_GRAPH_ID}
        for subject, predicate, value, _ in quads:
            graph.add((subject, predicate, value))
        return graph
    return graph.parse(data=text, format={"jsonld": "json-ld", "ttl": "turtle"}[form])


@pytest.fixture(scope="module")
def told(client: TestClient) -> Mapping[str, Graph]:
    """What each collection tells."""
    return {one.name: graph_of(client, f"/v1/{one.name}", "nq", limit=200) for one in RESOURCES}


@pytest.fixture(scope="module")
def whole(told: Mapping[str, Graph]) -> Graph:
    """What all of them tell."""
    return together(told.values())


def together(graphs: Iterable[Graph]) -> Graph:
    found = Graph()
    for each in graphs:
        found += each
    return found


def address(world: World, collection: str, slug: str) -> URIRef:
    [id] = [one["id"] for one in world[collection].values() if one["slug"] == slug]
    return URIRef(f"{PUBLIC_URL}/v1/{collection}/{id}")


def asked(graph: Graph, query: str) -> set[tuple[Any, ...]]:
    """The answers of a SPARQL query, as Python has their values."""
    prefixes = {"": OURS, "oa": OA, "schema": SCHEMA, "skos": SKOS, "prov": PROV}
    rows: Any = graph.query(query, initNs=prefixes)
    return {
        tuple(value if isinstance(value, URIRef) else str(value) for value in row) for row in rows
    }


# ------------------------------------------------------------------- the three are one


@COLLECTIONS
def test_all_forms_tell_the_same(
    client: TestClient, resource: Resource, told: Mapping[str, Graph]
) -> None:
    path = f"/v1/{resource.name}"
    triples = set(told[resource.name])
    for form in ("ttl", "jsonld"):
        assert same(triples, set(graph_of(client, path, form, limit=200)))
    own = re.compile(f"{PUBLIC_URL}{path}/[^#]+")
    found = {str(each) for each in told[resource.name].subjects() if own.fullmatch(str(each))}
    assert found == {f"{PUBLIC_URL}{path}/{id}" for id in ids(client, resource.name)}


def same(some: set[Any], others: set[Any]) -> bool:
    """Whether two graphs tell the same; what differs is printed, which pytest does slowly."""
    for each in sorted(some ^ others)[:10]:
        print(each)
    return some == others


@COLLECTIONS
def test_the_address_of_a_record_is_where_it_is_told(
    client: TestClient, resource: Resource, whole: Graph
) -> None:
    id = ids(client, resource.name)[0]
    path = f"/v1/{resource.name}/{id}"
    answer = client.get(path, headers={"Accept": "application/ld+json"})
    record = set(parsed(answer.text, "jsonld"))
    assert URIRef(PUBLIC_URL + path) in {subject for subject, _, _ in record}
    assert same(record, record & set(whole))


def test_every_address_of_a_record_is_one(whole: Graph, world: World) -> None:
    known = {f"{PUBLIC_URL}/v1/{name}/{id}" for name, records in world.items() for id in records}
    named = {
        found[0]
        for triple in whole
        for each in triple
        if isinstance(each, URIRef) and (found := RECORD.match(each))
    }
    assert named == known


def test_whatever_is_ours_and_no_record_is_a_term_or_a_list(
    client: TestClient, whole: Graph
) -> None:
    every = {each for triple in whole for each in triple if isinstance(each, URIRef)}
    ours = {str(each) for each in every if each.startswith(PUBLIC_URL) and not RECORD.match(each)}
    terms = {each for each in ours if each.startswith(str(OURS))}
    assert ours - terms == {f"{PUBLIC_URL}/v1/topics"}
    assert terms <= {each["@id"] for each in read(client, "/vocabulary")["@graph"]}


def test_places_have_a_name_that_is_no_address(client: TestClient, whole: Graph) -> None:
    place = read(client, "/v1/meetings/trilateral-foreign-ministers-meeting-11")["city"]
    thing = URIRef(f"urn:uuid:{place['id'][4:]}")
    assert (thing, RDF.type, SCHEMA.Place) in whole
    assert (thing, RDFS.label, Literal("Tokyo")) in whole


def test_terms_of_others_are_theirs(whole: Graph) -> None:
    every = {*whole.predicates(), *whole.objects(None, RDF.type), *NOT_AS_SCHEDULED}
    others = {term for term in every if not str(term).startswith(OURS)}
    known: tuple[Any, ...] = (RDF, RDFS, OWL, DC, DCTERMS, PROV, SDO, SKOS)
    unknown = {term for term in others if not any(term in vocabulary for vocabulary in known)}
    assert unknown == {OA[name] for name in OF_OA}


NOT_AS_SCHEDULED = (SCHEMA.EventPostponed, SCHEMA.EventCancelled)
OF_OA = (
    "Annotation", "SpecificResource", "TextPositionSelector", "TextQuoteSelector", "hasBody",
    "hasTarget", "hasSource", "hasSelector", "refinedBy", "start", "end", "exact",
)  # fmt: skip
"""Terms of Web Annotation, which rdflib does not know."""


# ------------------------------------------------------------------------ what it tells


def test_who_kept_silent_about_whom(whole: Graph) -> None:
    silent = asked(
        whole,
        """SELECT ?who ?whom WHERE {
            [] a :Silence ; :kept_silent/schema:name ?who ; schema:about/schema:name ?whom .
            FILTER (lang(?who) = "en" && lang(?whom) = "en")
        }""",
    )
    assert silent == {("Wang Yi", whom) for whom in ("North Korea", "Russia", "Ukraine")}
    said = asked(
        whole,
        """SELECT ?who WHERE {
            [] a :Statement ; :speaker/schema:name ?who ; schema:about/schema:name "North Korea"@en
            FILTER (lang(?who) = "en")
        }""",
    )
    assert said == {("Iwaya Takeshi",), ("Cho Tae-yul",)}


def test_a_silence_is_no_statement(whole: Graph) -> None:
    silences = set(whole.subjects(RDF.type, OURS.Silence))
    assert len(silences) == 1
    assert not silences & set(whole.subjects(RDF.type, OURS.Statement))
    assert not silences & set(whole.subjects(OURS.takes_stance))


def test_each_side_has_its_own_name_for_a_place(whole: Graph) -> None:
    names = asked(
        whole,
        """SELECT ?code ?name WHERE {
            [] schema:name "Dokdo/Takeshima Islands"@en ; :name_used ?used .
            ?used schema:name ?name ; :used_by/schema:identifier ?code .
        }""",
    )
    assert names == {("KOR", "Dokdo"), ("KOR", "독도"), ("JPN", "Takeshima"), ("JPN", "竹島")}


def test_names_have_their_languages(whole: Graph, world: World) -> None:
    person = address(world, "participants", "wang-yi")
    assert set(whole.objects(person, SCHEMA.name)) == {
        Literal("Wang Yi", lang="en"),
        Literal("왕이", lang="ko"),
        *(Literal("王毅", lang=each) for each in ("ja", "zh-Hans", "zh-Hant")),
    }
    assert set(whole.objects(person, RDF.type)) == {OURS.Participant, PROV.Agent, SCHEMA.Person}


def test_topics_are_concepts_in_a_tree(whole: Graph, world: World) -> None:
    concepts = set(whole.subjects(RDF.type, SKOS.Concept))
    assert concepts == {address(world, "topics", one["slug"]) for one in world["topics"].values()}
    scheme = URIRef(f"{PUBLIC_URL}/v1/topics")
    assert set(whole.subjects(SKOS.inScheme, scheme)) == concepts
    assert (scheme, RDF.type, SKOS.ConceptScheme) in whole
    upwards = set(whole.subject_objects(SKOS.broader))
    assert upwards == {(below, above) for above, below in whole.subject_objects(SKOS.narrower)}
    trade, tariffs = (address(world, "topics", slug) for slug in ("trade", "tariffs"))
    assert (tariffs, trade) in upwards
    assert whole.value(trade, SKOS.prefLabel, any=True).language  # type: ignore[union-attr]
    languages = [label.language for label in whole.objects(trade, SKOS.prefLabel)]  # type: ignore[attr-defined]
    assert sorted(languages) == ["en", "ja", "ko", "zh-Hans", "zh-Hant"]


@pytest.mark.parametrize(
    ("status", "warned"),
    [("held", []), ("planned", []), ("postponed", [SCHEMA.EventPostponed]),
     ("cancelled", [SCHEMA.EventCancelled])],
)  # fmt: skip
def test_an_event_that_is_not_held_as_planned_says_so(
    world: World, status: str, warned: list[URIRef]
) -> None:
    meeting = {**next(iter(world["meetings"].values())), "status": status}
    page = page_of(BY_NAME["meetings"].out, [meeting])
    graph = parsed(FORMS["ttl"].write(page).decode(), "ttl")
    assert list(graph.objects(None, SCHEMA.eventStatus)) == warned
    assert list(graph.objects(None, OURS.status)) == [Literal(status)]


def test_days_are_told_where_they_are_known(whole: Graph, world: World) -> None:
    for name in ("meetings", "incidents", "statements", "silences"):
        for record in world[name].values():
            thing = URIRef(f"{PUBLIC_URL}/v1/{name}/{record['id']}")
            for term, field, datatype in (
                (SCHEMA.startDate, "date_start", XSD.date),
                (SCHEMA.endDate, "date_end", XSD.date),
                (DATE, "date_edtf", EDTF),
            ):
                known = [Literal(record[field], datatype=datatype)] if record[field] else []
                assert list(whole.objects(thing, term)) == known
    year = address(world, "meetings", "trilateral-foreign-ministers-meeting-2023")
    assert list(whole.objects(year, SCHEMA.startDate)) == []
    assert list(whole.objects(year, DATE)) == [Literal("2023", datatype=EDTF)]


# ------------------------------------------------------------------- where it comes from


def test_passages_are_selected_in_code_points(whole: Graph, world: World) -> None:
    selected = asked(
        whole,
        """SELECT ?annotation ?record ?source ?start ?end WHERE {
            ?annotation a oa:Annotation ; oa:hasBody ?record ; oa:hasTarget ?target .
            ?target oa:hasSource ?source ; oa:hasSelector ?selector .
            ?selector oa:start ?start ; oa:end ?end .
        }""",
    )
    assert selected == {
        (
            URIRef(f"{PUBLIC_URL}/v1/evidence/{id}"),
            address(world, one["record"]["collection"], one["record"]["slug"]),
            address(world, "sources", one["source"]["slug"]),
            str(one["start"]["code_point"]),
            str(one["end"]["code_point"]),
        )
        for id, one in world["evidence"].items()
    }


def test_only_words_that_may_be_shown_are_told(whole: Graph, world: World) -> None:
    quotes = {one["quote"] for one in world["evidence"].values()} - {None}
    assert {one["passage"] for one in world["evidence"].values()} == {None}
    assert {str(words) for words in whole.objects(None, OA.exact)} == quotes


def test_facts_are_derived_from_their_sources(whole: Graph, world: World) -> None:
    evidence = world["evidence"].values()
    for term, some in (
        (PROV.wasDerivedFrom, evidence),
        (PROV.wasQuotedFrom, [one for one in evidence if one["quote"] is not None]),
    ):
        assert set(whole.subject_objects(term)) == {
            (
                address(world, one["record"]["collection"], one["record"]["slug"]),
                address(world, "sources", one["source"]["slug"]),
            )
            for one in some
        }


def test_each_fact_is_attributed_to_who_asserts_it(whole: Graph, world: World) -> None:
    voices = asked(whole, "SELECT ?s ?voice WHERE { ?s prov:wasAttributedTo/:voice ?voice }")
    records = {
        (URIRef(f"{PUBLIC_URL}/v1/{name}/{id}"), record["voice"])
        for name, some in world.items()
        for id, record in some.items()
        if "voice" in record
    }
    assert {pair for pair in voices if "#" not in pair[0]} == records


def test_only_own_words_are_quotations_of_the_speaker(whole: Graph, world: World) -> None:
    spoken = asked(
        whole,
        """SELECT ?statement ?words ?speaker WHERE {
            ?statement :quote ?quote . ?quote a schema:Quotation ; schema:text ?words ;
                schema:spokenByCharacter ?speaker .
        }""",
    )
    statements = world["statements"].values()
    assert spoken == {
        (
            address(world, "statements", one["slug"]),
            words,
            address(world, "participants", speaker["slug"]),
        )
        for one in statements
        if one["own_words"]
        for words in one["quotes"]
        for speaker in one["speakers"]
    }
    every = {words for one in statements for words in one["quotes"]}
    assert {str(words) for words in whole.objects(None, SCHEMA.text)} == every
    assert any(one["quotes"] and not one["own_words"] for one in statements)


def test_no_reference_knowledge_is_told_where_it_is_not_asked_for(
    client: TestClient, stated_world: World
) -> None:
    every, stated = (
        {line for one in RESOURCES for line in lines(client, one.name, basis)}
        for basis in (None, "source")
    )
    assert same(stated, stated & every)
    told = "\n".join(stated)
    # The year is not in the source.
    assert re.findall(r'"[^"]*2025[^"]*"', told) == []
    assert set(re.findall(r"@([\w-]+) \.$", told, re.MULTILINE)) == {"en"}
    for term in (OURS.coordinates, OURS.capital, OURS.calls_it, SCHEMA.startDate, SCHEMA.latitude):
        assert f"<{term}>" in "\n".join(every)
        assert f"<{term}>" not in told
    records = {RECORD.match(line[1:]) for line in stated}
    known = {f"{PUBLIC_URL}/v1/{name}/{id}" for name, some in stated_world.items() for id in some}
    assert {each[0] for each in records if each} == known


def lines(client: TestClient, collection: str, basis: str | None) -> list[str]:
    """The statements of a collection as N-Quads."""
    asked = {"basis": basis} if basis else {}
    answer = client.get(f"/v1/{collection}", params={"format": "nq", "limit": 200, **asked})
    return answer.text.splitlines()


# --------------------------------------------------------------------- every character


class OddOut(Out):
    """Something odd."""

    id: str
    text: Annotated[str, Means("rdfs:label")]
    url: Annotated[str, Means("schema:url", "xsd:anyURI")]
    number: Annotated[float, Means("schema:latitude")]


ODD = (
    *TEXTS, "", "\n", "\r\n", "a\tb", "\x00", "\x01\x08\x0b\x0c\x1f\x7f", "\x85\u2028\u2029",
    "\ufeff", "\ufffe\uffff\U0010ffff", '"""', "\\u0041", "\\", "@en", "^^xsd:integer", "<a> .",
    "# x", "長" * 50_000,
)  # fmt: skip


@FORM
def test_every_character_survives(form: str) -> None:
    items = [
        {"id": f"top_{number}", "text": text, "url": text, "number": number / 7}
        for number, text in enumerate(ODD)
    ]
    written = FORMS[form].write(page_of(OddOut, items))
    if form == "nq":
        assert len(written.decode().splitlines()) == 4 * len(ODD)
    told = parsed(written.decode(), form)
    for item in items:
        thing = URIRef(f"{PUBLIC_URL}/v1/topics/{item['id']}")
        assert str(told.value(thing, RDFS.label)) == item["text"]
        assert told.value(thing, SCHEMA.url) == Literal(item["text"], datatype=XSD.anyURI)
        assert told.value(thing, SCHEMA.latitude) == Literal(item["number"])
    assert len(told) == 4 * len(ODD)


def page_of(out: type[BaseModel], items: Iterable[Json]) -> Page:
    """Records, as they are given to a writer; they may come one by one."""
    fields = tuple(out.model_fields)
    return Page(
        out, fields, {"items": items}, collection="some", public_url=PUBLIC_URL, url="",
        language="en", label=str,
    )  # fmt: skip


@FORM
def test_a_graph_is_written_while_its_records_come(form: str) -> None:
    known = {"text": "a", "url": "b", "number": 0.5}
    items = ({"id": f"top_{number}", **known} for number in count())
    blocks = FORMS[form].blocks(page_of(OddOut, items))
    first = b"".join(next(blocks) for _ in range(3))
    assert b"top_0" in first
    assert b"top_9" not in first


def test_bodies_stand_behind_one_prologue(world: World) -> None:
    written = prologue(PUBLIC_URL)
    alone: list[Graph] = []
    for name in ("topics", "disputes"):
        page = page_of(BY_NAME[name].out, list(world[name].values()))
        written += b"".join(bodies(page))
        alone.append(parsed(FORMS["nq"].write(page).decode(), "nq"))
    assert same(set(parsed(written.decode(), "ttl")), set(together(alone)))


@FORM
def test_a_passage_is_told_where_it_may_be_shown(form: str, world: World) -> None:
    shown = next(one for one in world["evidence"].values() if one["quote"] is None)
    page = page_of(BY_NAME["evidence"].out, [{**shown, "passage": "日本\n\u2028"}])
    graph = parsed(FORMS[form].write(page).decode(), form)
    thing = URIRef(f"{PUBLIC_URL}/v1/evidence/{shown['id']}")
    targets = list(graph.objects(thing, OA.hasTarget))
    assert targets == [URIRef(f"{thing}#target")]
    selectors = set(graph.objects(targets[0], OA.hasSelector))
    assert {graph.value(one, RDF.type) for one in selectors} == {
        OA.TextPositionSelector,
        OA.TextQuoteSelector,
    }
    assert list(graph.objects(None, OA.exact)) == [Literal("日本\n\u2028")]


@FORM
def test_contradictions_are_told_with_who_says_what(form: str, world: World) -> None:
    record = next(iter(world["relations"].values()))
    [source] = world["sources"].values()
    values = [
        {"value": True, "sources": [source]},
        {"value": 2, "sources": []},
        {"value": "some", "sources": []},
    ]
    told = {**record, "names": [], "contradictions": [{"field": "directed", "values": values}]}
    page = page_of(BY_NAME["relations"].out, [told])
    graph = parsed(FORMS[form].write(page).decode(), form)
    accounts = asked(
        graph,
        """SELECT ?field ?value ?source WHERE {
            ?record :contradiction ?one . ?one :field ?field ; :account ?account .
            ?account :value ?value OPTIONAL { ?account :source ?source }
        }""",
    )
    assert accounts == {
        ("directed", "true", URIRef(f"{PUBLIC_URL}/v1/sources/{source['id']}")),
        ("directed", "2", "None"),
        ("directed", "some", "None"),
    }


def test_addresses_hold_nothing_that_ends_them() -> None:
    assert iri('https://a/b> <c\\"\n|é') == "https://a/b%3E%20%3Cc%5C%22%0A%7Cé"


# ------------------------------------------------------------------- context, vocabulary


def test_the_context_is_that_of_the_fields(client: TestClient) -> None:
    answer = client.get("/context")
    assert answer.headers["content-type"] == "application/ld+json"
    terms = answer.json()["@context"]
    assert terms["schema:startDate"] == {"@id": str(SCHEMA.startDate), "@type": "xsd:date"}
    assert terms["kept_silent"] == {
        "@id": str(OURS.kept_silent),
        "@type": "@id",
        "@container": "@set",
    }
    assert terms["@vocab"] == str(OURS)


def test_a_term_that_would_be_read_in_two_ways_is_refused() -> None:
    class Clashing(Out):
        date_start: Annotated[str, Means("schema:startDate")]
        other: Annotated[date, Means("schema:startDate")]

    with pytest.raises(ValueError, match="of several types: schema:startDate"):
        Terms.of(Clashing)


def test_every_term_of_ours_is_explained(client: TestClient) -> None:
    terms = read(client, "/vocabulary")["@graph"]
    unexplained = [one["@id"] for one in terms if "rdfs:comment" not in one]
    assert unexplained == []
    [silent] = [one for one in terms if one["@id"] == str(OURS.kept_silent)]
    assert silent == {
        "@id": str(OURS.kept_silent),
        "@type": ["rdf:Property"],
        "rdfs:label": {"@value": "kept silent", "@language": "en"},
        "rdfs:comment": {"@value": "Who kept silent.", "@language": "en"},
        "schema:domainIncludes": {"@id": str(OURS.Silence)},
        "schema:rangeIncludes": {"@id": "rdfs:Resource"},
        "rdfs:isDefinedBy": {"@id": f"{PUBLIC_URL}/vocabulary"},
    }


def test_the_vocabulary_is_a_page_for_people(client: TestClient) -> None:
    answer = client.get("/vocabulary", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for one in read(client, "/vocabulary")["@graph"]:
        assert f'<dt id="{one["@id"].partition("#")[2]}">' in answer.text


def test_a_graph_tells_all_of_a_record(client: TestClient) -> None:
    answer = client.get("/v1/meetings?format=ttl&fields=slug")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "fields")


def test_nothing_found_is_an_empty_graph(client: TestClient) -> None:
    for form in ("jsonld", "ttl", "nq"):
        assert len(graph_of(client, "/v1/meetings", form, status="cancelled")) == 0


def test_what_wikidata_knows_is_the_same(client: TestClient) -> None:
    japan = URIRef(f"{PUBLIC_URL}/v1/countries/{read(client, '/v1/countries/jpn')['id']}")
    told = graph_of(client, "/v1/countries", "nq")
    same = set(told.objects(japan, OWL.sameAs))
    assert same == {URIRef("http://www.wikidata.org/entity/Q17")}
    stated = graph_of(client, "/v1/countries", "nq", basis="source")
    assert (None, OWL.sameAs, None) not in stated
