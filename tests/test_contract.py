"""What every collection promises: a new one is held to all of this by being registered."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from conftest import Databases, client_of, disposing, on_sqlite, service
from oracle import (
    WITHOUT_EXAMPLE,
    at_least,
    between,
    by_value,
    discrete,
    exemplified,
    has,
    many,
    of_kind,
    ordered,
    overlaps,
    present,
    sides_of,
    some,
    sort_keys,
    values,
)
from reading import (
    PUBLIC_URL,
    Json,
    World,
    everything,
    ids,
    local,
    read,
    read_url,
    refused,
)
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import create_engine, write
from app.models import FormerSlug, ParticipantCountry, ReferenceField, Statement
from app.query.filters import AtLeast, Between, Discrete, FullText, Number, Reference, Span, YesNo
from app.query.periods import Period
from app.query.resource import Resource
from app.query.terms import query_terms, terms
from app.resources import RESOURCES

EACH_APART = True
"""There are so many of them that no one process is to run them all."""

NO_SUCH = "zzqx-nothing-of-the-kind"
BY_NAME = {one.name: one for one in RESOURCES}

each_collection = pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
each_basis = pytest.mark.parametrize("basis", ["any", "source"])


def each(names: Callable[[Resource], Iterable[str]]) -> pytest.MarkDecorator:
    """One test for each of the names that each collection has."""
    found = [
        pytest.param(one, name, id=f"{one.name}-{name}") for one in RESOURCES for name in names(one)
    ]
    return pytest.mark.parametrize(("resource", "name"), found)


@pytest.fixture
def known(basis: str, world: World, stated_world: World) -> World:
    """All records as a request with this basis sees them."""
    return stated_world if basis == "source" else world


@pytest.fixture
def asked(basis: str) -> dict[str, str]:
    """The parameters that ask for this basis."""
    return {"basis": basis} if basis == "source" else {}


# ---------------------------------------------------------------------------- filters
#
# What filters and facets mean is asked here of one database. That others answer the same, byte for
# byte, is what test_differential holds, with the same oracle.


@on_sqlite
@each(discrete)
@each_basis
def test_a_filter_finds_what_has_a_value_and_its_negation_the_rest(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    every = set(known[resource.name])
    for value, having in some(by_value(known, resource, name))[-1:]:
        assert found(client, resource, asked, **{name: value}) == having, value
        assert found(client, resource, asked, **{name: f"!{value}"}) == every - having, value


@on_sqlite
@each(exemplified)
def test_two_values_are_a_union_however_they_are_sent(
    client: TestClient, world: World, resource: Resource, name: str
) -> None:
    every = set(world[resource.name])
    (one, first), *more = some(by_value(world, resource, name))
    for other, second in more:
        assert found(client, resource, {}, **{name: f"{one},{other}"}) == first | second
        assert found(client, resource, {}, **{name: [one, other]}) == first | second
        neither = found(client, resource, {}, **{name: f"!{one},!{other}"})
        assert neither == every - first - second
        assert found(client, resource, {}, **{name: f"{one},!{other}"}) == first - second


@on_sqlite
@each(lambda one: [name for name, of in discrete(one).items() if has(one, name)])
@each_basis
def test_has_parts_a_collection_in_two(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    having = set().union(*by_value(known, resource, name).values())
    assert found(client, resource, asked, **{f"has_{name}": "true"}) == having
    without = found(client, resource, asked, **{f"has_{name}": "false"})
    assert without == set(known[resource.name]) - having


@on_sqlite
@each(lambda one: of_kind(one, YesNo))
@each_basis
def test_a_yes_or_no_parts_a_collection_in_two(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    for value in ("true", "false"):
        expected = {
            id
            for id, record in known[resource.name].items()
            if value in values(known, resource, name, record)
        }
        assert found(client, resource, asked, **{name: value}) == expected


@on_sqlite
@each(lambda one: [name for name in one.all_filters if name.startswith("has_")])
@each_basis
def test_a_filter_of_presence_parts_a_collection_in_two(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    one, here = resource.all_filters[name], known[resource.name]
    having = {id for id, record in here.items() if present(one, record)}
    assert found(client, resource, asked, **{name: "true"}) == having
    assert found(client, resource, asked, **{name: "false"}) == here.keys() - having


@on_sqlite
@each(lambda one: of_kind(one, AtLeast))
@each_basis
def test_a_count_is_at_least_what_is_asked_for(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    here = known[resource.name]
    for number in (1, 2):
        expected = {id for id, record in here.items() if at_least(record, number)}
        assert found(client, resource, asked, **{name: number}) == expected
    for unfit in ("0", "x"):
        refused(client, f"/v1/{resource.name}", **{name: unfit})


@on_sqlite
@each(lambda one: of_kind(one, Span))
@each_basis
def test_a_span_finds_what_overlaps_it(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    here = known[resource.name]
    dated = {id for id, record in here.items() if overlaps(record, None, None)}
    assert found(client, resource, asked, **{f"has_{name}": "true"}) == dated
    assert found(client, resource, asked, **{f"has_{name}": "false"}) == here.keys() - dated
    assert found(client, resource, asked, **{f"{name}_from": "0001"}) == dated
    assert found(client, resource, asked, **{f"{name}_to": "9999"}) == dated
    assert found(client, resource, asked, **{f"{name}_from": "9999-12-31"}) == set()


@on_sqlite
@each(lambda one: of_kind(one, Between))
@each_basis
def test_between_finds_what_stands_between_two(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    slugs = sides_of(known, resource, name)
    pairs = {
        (one, other): {
            id
            for id, record in known[resource.name].items()
            if between(known, resource, name, record, (one, other))
        }
        for one in slugs
        for other in slugs
        if one < other
    }
    full = [pair for pair in pairs if pairs[pair]]
    empty = [pair for pair in pairs if not pairs[pair]]
    assert bool(full) is ((resource.name, name) not in WITHOUT_EXAMPLE)
    for one, other in full + empty[:: max(len(empty) // 5, 1)]:
        expected = pairs[one, other]
        assert found(client, resource, asked, **{name: f"{one},{other}"}) == expected
    for one, other in full[:1]:
        turned = found(client, resource, asked, **{name: [other, one.upper()]})
        assert turned == pairs[one, other]


def test_between_hides_reference_knowledge_too(copied: str) -> None:
    """Whose countries the speakers are, no source says here: then none is by one of two."""
    with disposing(create_engine(copied)) as engine, write(engine) as session:
        session.execute(sa.update(ParticipantCountry).values(basis="reference"))
    with client_of(service(copied)) as client:
        asked = {"between": "CHN,JPN", "with_total": "true"}
        assert read(client, "/v1/statements", **asked)["total"] == 7
        assert read(client, "/v1/statements", basis="source", **asked)["total"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("series", "trilateral-foreign-ministers-meeting"),
        ("host", "JPN"),
        ("venue_country", "JPN"),
    ],
)
def test_what_no_source_states_of_a_meeting_finds_nothing_said_there(
    copied: str, field: str, value: str
) -> None:
    asked = {field: value, "with_total": "true"}
    with client_of(service(copied)) as client:
        assert read(client, "/v1/statements", basis="source", **asked)["total"] == 10
    with disposing(create_engine(copied)) as engine, write(engine) as session:
        meeting = session.exec(select(Statement.meeting_id).distinct()).one()
        assert meeting is not None
        session.add(ReferenceField(record_id=meeting, field=field))
    with client_of(service(copied)) as client:
        assert read(client, "/v1/statements", **asked)["total"] == 10
        assert read(client, "/v1/statements", basis="source", **asked)["total"] == 0


@on_sqlite
@each(lambda one: of_kind(one, FullText))
@each_basis
def test_a_search_finds_every_name_and_nothing_without_its_words(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    here = known[resource.name]
    for id, record in list(here.items())[:6]:
        named = [record["name"], *(row["text"] for row in record.get("names", []))]
        for text in filter(None, named):
            hits = found(client, resource, asked, **{name: text})
            assert id in hits, text
            for hit in hits:
                assert set(query_terms(text)) <= said_or_meant(known, here[hit]), text


def said_or_meant(world: World, record: Any) -> set[str]:
    """The words of a record, and of the names of all that it refers to."""
    meant = {id for id in referred(record) if id != record["id"]}
    records = (one for here in world.values() for id, one in here.items() if id in meant)
    return said(record).union(*(said([one["name"], one.get("names")]) for one in records))


def referred(value: Any) -> set[str]:
    """The ids of all that is named within a record, and its own."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = {value["id"]} if isinstance(value, dict) and "id" in value else set()
    return own.union(*map(referred, parts))


def said(value: Any) -> set[str]:
    """The words in all texts of a record."""
    if isinstance(value, str):
        return set(terms(value))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(said, parts))


def found(
    client: TestClient, resource: Resource, asked: dict[str, str], /, **parameters: Any
) -> set[str]:
    listed = ids(client, resource.name, **asked, **parameters)
    assert len(listed) == len(set(listed))
    return set(listed)


@on_sqlite
@each(discrete)
def test_every_filter_has_an_example(resource: Resource, name: str, world: World) -> None:
    """Where the data has no example of a filter, the tests above would prove nothing of it."""
    assert bool(by_value(world, resource, name)) != ((resource.name, name) in WITHOUT_EXAMPLE)


# ------------------------------------------------------------------ values that are refused


@on_sqlite
@each(lambda one: [name for name, of in one.all_filters.items() if isinstance(of, Discrete)])
@pytest.mark.parametrize("mark", ["", "!"])
def test_an_unknown_value_is_refused_and_not_echoed(
    client: TestClient, resource: Resource, name: str, mark: str
) -> None:
    response = client.get(f"/v1/{resource.name}", params={name: mark + NO_SUCH})
    assert response.status_code == 422
    assert NO_SUCH not in response.text
    (fault,) = response.json()["errors"]
    assert (fault["location"], fault["parameter"]) == ("query", name)
    if not isinstance(resource.all_filters[name], Number | Period):
        closed = not isinstance(resource.all_filters[name], Reference)
        small = fault["allowed"] is not None or resource.name == "evidence"
        assert fault["allowed"] if closed else small
        assert all(allowed in fault["detail"] for allowed in (fault["allowed"] or [])[:5])


@on_sqlite
@each(
    lambda one: [name for name, of in discrete(one).items() if not isinstance(of, Number | Period)]
)
def test_a_misspelt_value_is_answered_with_the_nearest(
    client: TestClient, world: World, resource: Resource, name: str
) -> None:
    for value, _ in some(by_value(world, resource, name))[:1]:
        problem = refused(client, f"/v1/{resource.name}", **{name: f"{value}x"})
        meant = problem["errors"][0]["did_you_mean"]
        assert meant is not None
        assert isinstance(read(client, f"/v1/{resource.name}", **{name: meant})["items"], list)


@on_sqlite
@each_collection
@pytest.mark.parametrize("extra", ["limt", "speakr", "x" * 65, "a b", "datefrom"])
def test_an_unknown_parameter_is_refused(
    client: TestClient, resource: Resource, extra: str
) -> None:
    for path in (f"/v1/{resource.name}", f"/v1/{resource.name}/facets"):
        problem = refused(client, path, **{extra: "1"})
        assert problem["code"] == "invalid_query"
        fault = next(one for one in problem["errors"] if one["code"] == "unknown_parameter")
        assert fault["parameter"] == (extra if extra.isalpha() and len(extra) < 65 else None)
        assert "lang" in fault["allowed"]


@on_sqlite
@each_collection
def test_a_misspelt_parameter_is_answered_with_the_nearest(
    client: TestClient, resource: Resource
) -> None:
    for name in resource.list_parameters.model_fields:
        problem = refused(client, f"/v1/{resource.name}", **{f"{name}x": "1"})
        assert problem["errors"][0]["did_you_mean"] in resource.list_parameters.model_fields


@on_sqlite
@each(lambda one: one.list_parameters.model_fields)
def test_an_empty_value_is_refused(client: TestClient, resource: Resource, name: str) -> None:
    status = 400 if name == "cursor" else 422
    for value in ("", " "):
        problem = refused(client, f"/v1/{resource.name}", status, **{name: value})
        assert problem["errors"][0]["parameter"] == name


@on_sqlite
@each(lambda one: [name for name, of in one.list_parameters.model_fields.items() if not many(of)])
def test_a_single_value_is_given_once(client: TestClient, resource: Resource, name: str) -> None:
    problem = refused(client, f"/v1/{resource.name}", **{name: ["1", "1"]})
    assert {"repeated_parameter"} == {one["code"] for one in problem["errors"]}
    assert {name} == {one["parameter"] for one in problem["errors"]}


@on_sqlite
@each_collection
@pytest.mark.parametrize("limit", ["0", "-1", "201", "1.0", "1e2", "0x10", "٣", "+5", str(2**64)])
def test_a_limit_is_a_number_within_bounds(
    client: TestClient, resource: Resource, limit: str
) -> None:
    refused(client, f"/v1/{resource.name}", limit=limit)


# ------------------------------------------------------------------------------ identity


@each_collection
def test_a_record_is_found_by_id_and_slug_in_any_case(
    client: TestClient, world: World, resource: Resource
) -> None:
    for record in list(world[resource.name].values())[:2]:
        whole = read(client, f"/v1/{resource.name}/{record['id']}")
        for written in writings(resource, record):
            assert read(client, f"/v1/{resource.name}/{written}") == whole
            assert ids(client, resource.name, id=written) == [record["id"]]
        assert ids(client, resource.name, slug=writings(resource, record)) == [record["id"]]


@on_sqlite
@each(lambda one: of_kind(one, Reference))
def test_a_filter_takes_every_way_to_name_a_record(
    client: TestClient, world: World, resource: Resource, name: str
) -> None:
    to = resource.all_filters[name].to.collection  # type: ignore[attr-defined]
    for value, having in some(by_value(world, resource, name))[:1]:
        for record in world.get(to, {}).values():
            if record["slug"] == value:
                # Any that was not understood would be refused.
                all_ways = ",".join(writings(BY_NAME[to], record))
                assert set(ids(client, resource.name, **{name: all_ways})) == having


def writings(resource: Resource, record: Json) -> list[str]:
    """The ways to name a record."""
    plain = [record["id"], record["slug"]]
    plain += [record[column.key] for column in resource.also if record[column.key]]
    if resource.name == "countries" and record["code"]:
        plain.append(record["code"])
    return [form for each in plain for form in (each, each.upper())]


@on_sqlite
@each_collection
def test_a_record_in_a_list_and_alone_is_the_same(
    client: TestClient, world: World, resource: Resource
) -> None:
    include = {"include": ",".join(resource.includes)} if resource.includes else {}
    for id, record in list(world[resource.name].items())[:5]:
        assert read(client, f"/v1/{resource.name}/{id}", **include) == record


@each_collection
def test_an_unknown_record_is_not_found_and_the_nearest_is_named(
    client: TestClient, world: World, resource: Resource
) -> None:
    record = next(iter(world[resource.name].values()))
    problem = refused(client, f"/v1/{resource.name}/{record['slug']}x", 404)
    (fault,) = problem["errors"]
    assert (problem["code"], fault["location"], fault["parameter"]) == ("not_found", "path", "id")
    assert fault["did_you_mean"] in {one["slug"] for one in world[resource.name].values()}


@pytest.fixture(scope="module")
def renamed(databases: Databases, seeded: str) -> Iterator[TestClient]:
    """The service on a database where the first record of each collection had another slug."""
    with client_of(service(databases.copy(seeded))) as client:
        with write(client.app.state.engine) as session:  # type: ignore[attr-defined]
            for resource in RESOURCES:
                id = ids(client, resource.name)[0]
                former = FormerSlug(collection=resource.collection, slug="of-old", record_id=id)
                session.add(former)
        yield client


@each_collection
def test_a_former_slug_leads_to_the_new_one(renamed: TestClient, resource: Resource) -> None:
    record = read(renamed, f"/v1/{resource.name}", limit=1)["items"][0]
    for written in ("of-old", "Of-Old"):
        response = renamed.get(f"/v1/{resource.name}/{written}?fields=slug&lang=ja")
        assert response.status_code == 308
        assert response.headers["cache-control"] == "no-cache"
        address = f"{PUBLIC_URL}/v1/{resource.name}/{record['slug']}?fields=slug&lang=ja"
        assert response.headers["location"] == address
        assert read_url(renamed, address)["slug"] == record["slug"]
        assert ids(renamed, resource.name, slug=written) == [record["id"]]


# --------------------------------------------------------------------------- sort and pages


@on_sqlite
@each_collection
@each_basis
def test_pages_of_any_size_are_the_whole_list(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource
) -> None:
    for sort in resource.sorts or [resource.default_sort]:
        whole = ids(client, resource.name, sort=sort, **asked)
        assert sorted(whole) == sorted(known[resource.name])
        for limit in (1, 3) if len(whole) < 40 else (37,):
            assert ids(client, resource.name, sort=sort, limit=limit, **asked) == whole


@on_sqlite
@each(lambda one: [f"-{key},{other}" for key in one.all_sorts for other in one.sorts or ["slug"]])
def test_pages_by_several_keys_are_the_whole_list(
    client: TestClient, world: World, resource: Resource, name: str
) -> None:
    one, other = name.removeprefix("-").split(",")
    if one == other:
        assert refused(client, f"/v1/{resource.name}", sort=name)["errors"][0]["allowed"] is None
        return
    whole = ids(client, resource.name, sort=name)
    assert sorted(whole) == sorted(world[resource.name])
    limit = 50 if len(whole) > 100 else 3
    assert ids(client, resource.name, sort=name, limit=limit) == whole


@each(lambda one: one.all_sorts)
def test_a_sort_is_total_with_the_unknown_last_both_ways(
    client: TestClient, engine: sa.Engine, resource: Resource, name: str
) -> None:
    keys = sort_keys(engine, resource, name)
    for descending in (False, True):
        sort = f"-{name}" if descending else name
        walked = ids(client, resource.name, sort=sort, limit=len(keys) // 2 + 1)
        assert walked == ordered(keys, descending=descending)


@on_sqlite
@each_collection
def test_an_unknown_sort_is_refused(client: TestClient, resource: Resource) -> None:
    for sort in ("nam", "--name", "name,", "name;id", "name desc", "-", "name,-name"):
        problem = refused(client, f"/v1/{resource.name}", sort=sort)
        assert problem["errors"][0]["parameter"] == "sort"
    fault = refused(client, f"/v1/{resource.name}", sort="nam")["errors"][0]
    assert (fault["allowed"], fault["did_you_mean"]) == (list(resource.all_sorts), "name")


@on_sqlite
@each_collection
def test_the_next_page_is_linked_under_the_public_address(
    client: TestClient, resource: Resource
) -> None:
    parameters = {"limit": "1", "sort": "-slug"}
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    response = client.get(f"/v1/{resource.name}", params=parameters, headers=evil)
    cursor = response.json()["next_cursor"]
    if cursor is None:
        assert "link" not in response.headers
        return
    address, _, relation = response.headers["link"].partition(">; ")
    assert relation == 'rel="next"'
    assert "evil" not in response.text + str(response.headers)
    parts = urlsplit(address[1:])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{PUBLIC_URL}/v1/{resource.name}"
    assert dict(parse_qsl(parts.query)) == {**parameters, "cursor": cursor}
    assert read(client, local(address[1:]))["items"] != response.json()["items"]


# -------------------------------------------------------------------- include, fields, total


@on_sqlite
@each(lambda one: one.includes)
def test_what_can_be_included_is_absent_unless_asked_for(
    client: TestClient, resource: Resource, name: str
) -> None:
    assert all(name not in one for one in everything(client, resource.name))
    shown = everything(client, resource.name, include=name)
    assert {type(one.pop(name)) for one in shown} == {list}
    assert shown == everything(client, resource.name)


@on_sqlite
@each(lambda one: one.shown)
def test_fields_leaves_that_field_alone_beside_the_id(
    client: TestClient, world: World, resource: Resource, name: str
) -> None:
    page = read(client, f"/v1/{resource.name}", fields=name, limit=30)["items"]
    assert page
    for one in page:
        assert list(one) == list(dict.fromkeys(["id", name]))
        assert one[name] == world[resource.name][one["id"]][name]
    assert read(client, f"/v1/{resource.name}/{one['id']}", fields=name) == one


@on_sqlite
@each_collection
def test_unknown_fields_and_includes_are_refused(client: TestClient, resource: Resource) -> None:
    for path in (f"/v1/{resource.name}", f"/v1/{resource.name}/x"):
        for parameter, allowed in (("fields", resource.shown), ("include", resource.includes)):
            if parameter in resource.list_parameters.model_fields:
                fault = refused(client, path, **{parameter: NO_SUCH})["errors"][0]
                assert (fault["parameter"], fault["allowed"]) == (parameter, list(allowed))


@each_collection
@each_basis
def test_the_total_counts_what_matches(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource
) -> None:
    answer = read(client, f"/v1/{resource.name}", with_total="true", limit=1, **asked)
    assert answer["total"] == len(known[resource.name])
    assert "total" not in read(client, f"/v1/{resource.name}", with_total="false", **asked)
    record = next(iter(known[resource.name].values()))
    one = read(client, f"/v1/{resource.name}", with_total="true", slug=record["slug"], **asked)
    assert one["total"] == 1


# ------------------------------------------------------------------------------------ facets


@on_sqlite
@each(lambda one: one.facets)
@each_basis
def test_a_facet_counts_the_lists_that_it_names(
    client: TestClient, known: World, asked: dict[str, str], resource: Resource, name: str
) -> None:
    rows = facet(client, resource, name, **asked)
    expected = by_value(known, resource, name)
    assert {row["value"]: row["count"] for row in rows} == {
        value: len(having) for value, having in expected.items()
    }
    assert [row["count"] for row in rows] == sorted((row["count"] for row in rows), reverse=True)
    for row in rows[:2] + rows[-1:]:
        assert isinstance(row["name"], str)
        assert row["url"].startswith(f"{PUBLIC_URL}/v1/{resource.name}?")
        listed = client.get(local(row["url"]) + "&limit=200&fields=id").json()["items"]
        assert {one["id"] for one in listed} == expected[row["value"]]


@on_sqlite
@each(lambda one: [name for name in one.facets if (one.name, name) not in WITHOUT_EXAMPLE])
def test_a_facet_leaves_out_its_own_filter_and_no_other(
    client: TestClient, world: World, resource: Resource, name: str
) -> None:
    expected = by_value(world, resource, name)
    value, _ = some(expected)[0]
    alone = facet(client, resource, name)
    for own in [{name: value}, *([{f"has_{name}": "false"}] if has(resource, name) else [])]:
        rows = facet(client, resource, name, **own)
        assert [(row["value"], row["count"]) for row in rows] == [
            (row["value"], row["count"]) for row in alone
        ]
        for row in rows[:1]:
            assert read_url(client, row["url"] + "&with_total=true")["total"] == row["count"]
    slug = next(iter(world[resource.name].values()))["slug"]
    among = facet(client, resource, name, slug=slug)
    assert {row["count"] for row in among} <= {1}
    for row in among[:1] + among[1:][-1:]:
        assert read_url(client, row["url"] + "&with_total=true")["total"] == 1


@on_sqlite
@each_collection
def test_several_facets_in_one_answer(client: TestClient, resource: Resource) -> None:
    answer = read(client, f"/v1/{resource.name}/facets", facet=",".join(resource.facets))
    assert list(answer["facets"]) == list(resource.facets)
    assert answer["truncated"] == []
    for wrong in ({}, {"facet": NO_SUCH}, {"facet": ""}, {"facet": "slug", "limit": "1"}):
        refused(client, f"/v1/{resource.name}/facets", **wrong)


def test_a_facet_looks_at_the_filter_that_it_leaves_out(client: TestClient) -> None:
    [fault] = refused(client, "/v1/statements/facets", facet="topic", topic="trad")["errors"]
    assert (fault["code"], fault["did_you_mean"]) == ("unknown_reference", "trade")
    path = "/v1/meetings/facets"
    [fault] = refused(client, path, facet="city", city="osaka")["errors"]
    assert (fault["code"], fault["parameter"]) == ("unknown_reference", "city")


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("country=South Korea", "kor"),
        ("country=日本", "jpn"),
        ("country=Washington", "usa"),
        ("speaker=王毅", "wang-yi"),
        ("speaker=Wang", "wang-yi"),
        ("speaker=Yi Wang", "wang-yi"),
        ("topic=FTA", "free-trade-agreement"),
    ],
)
def test_a_name_leads_to_the_slug(client: TestClient, query: str, meant: str) -> None:
    name, _, value = query.partition("=")
    [fault] = refused(client, "/v1/statements", **{name: value})["errors"]
    assert fault["did_you_mean"] == meant


@pytest.mark.parametrize("path", ["/", "/version", "/livez", "/readyz"])
def test_what_takes_no_parameters_refuses_them(client: TestClient, path: str) -> None:
    [fault] = refused(client, f"{path}?x=1")["errors"]
    assert (fault["code"], fault["allowed"]) == ("unknown_parameter", [])


def facet(client: TestClient, resource: Resource, name: str, /, **parameters: Any) -> list[Json]:
    answer = read(client, f"/v1/{resource.name}/facets", facet=name, **parameters)
    rows: list[Json] = answer["facets"][name]
    return rows
