"""How many sources carry a record, how directly, and what they say differently, side by side."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from bundles import REFERENCE, bundle, change, drop, echo, sealed
from conftest import Databases, client_of, disposing, service
from reading import Json, everything, ids, read, refused
from schemas import config, tables
from starlette.testclient import TestClient

from app.db import create_engine
from app.migrate import migrate
from app.models import Collection
from app.resources import RESOURCES
from seeds.ids import record_id
from seeds.load import seed
from seeds.reader import BundleError

BEFORE = "c4d1e8f0a2b7"
STATEMENTS = {
    "wang-on-economic-integration": "own_words",
    "wang-on-development-potential": "fragment",
    "iwaya-on-shared-responsibility": "fragment",
    "iwaya-on-denuclearization": "fragment",
    "iwaya-on-north-korea": "report",
    "wang-on-communication-and-trust": "paraphrase",
    "wang-on-trade-and-fta": "paraphrase",
    "wang-on-export-controls": "paraphrase",
    "cho-on-north-korea": "paraphrase",
    "ministers-on-trilateral-cooperation": "paraphrase",
}


@pytest.fixture
def url(databases: Databases, migrated: str) -> str:
    """The address of a migrated database that holds nothing."""
    return databases.copy(migrated)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """What two newspapers tell of the same talks."""
    return [sealed(tmp_path / "toy"), echo(tmp_path / "echo")]


def seeding(url: str, *folders: Path) -> None:
    with disposing(create_engine(url)) as engine:
        seed(engine, folders)


def served(url: str, *folders: Path) -> Iterator[TestClient]:
    seeding(url, *folders)
    with client_of(service(url)) as client:
        yield client


@pytest.fixture
def toy(url: str, folders: list[Path]) -> Iterator[TestClient]:
    """The service on what both tell."""
    yield from served(url, *folders)


def slugs(client: TestClient, collection: str, **parameters: Any) -> set[str]:
    return {one["slug"] for one in everything(client, collection, **parameters)}


def differing(client: TestClient, path: str, **parameters: Any) -> dict[str, list[Any]]:
    """What sources say differently of a record: values with the slugs of their sources."""
    return {
        one["field"]: [
            (side["value"], [source["slug"] for source in side["sources"]])
            for side in one["values"]
        ]
        for one in read(client, path, **parameters)["contradictions"]
    }


# ---------------------------------------------------------------------------- the article


def test_how_directly_the_article_gives_each_statement(client: TestClient) -> None:
    found = everything(client, "statements")
    assert {one["slug"]: one["strength"] for one in found} == STATEMENTS


@pytest.mark.parametrize("strength", ["own_words", "fragment", "paraphrase", "report"])
def test_statements_by_strength(client: TestClient, strength: str) -> None:
    expected = {slug for slug, each in STATEMENTS.items() if each == strength}
    assert slugs(client, "statements", strength=strength) == expected
    others = STATEMENTS.keys() - expected
    assert slugs(client, "statements", strength=f"!{strength}") == others


def test_counts_by_strength(client: TestClient) -> None:
    answer = read(client, "/v1/statements/facets", facet="strength")
    counts = [(row["value"], row["count"]) for row in answer["facets"]["strength"]]
    assert counts == [("paraphrase", 5), ("fragment", 3), ("own_words", 1), ("report", 1)]


@pytest.mark.parametrize(
    ("path", "count", "strength"),
    [
        ("assessments", 1, {"author": "inference", "reporter": "report"}),
        ("proposals", 1, {"official": "paraphrase", "author": "inference"}),
        ("relations", 1, {"official": "paraphrase", "reporter": "report"}),
        ("meetings", 1, {"reporter": "report"}),
        ("silences", 1, {"reporter": "report"}),
        ("incidents", 1, {"reporter": "report"}),
    ],
)
def test_the_strength_of_what_is_not_said_follows_from_the_voice(
    client: TestClient, path: str, count: int, strength: Json
) -> None:
    found = everything(client, path)
    assert {one["voice"]: one["strength"] for one in found} == strength
    assert {one["sources_count"] for one in found} == {count}
    assert all(one["strength"] == strength[one["voice"]] for one in found)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("participants", {(1, "report")}),
        ("series", {(1, "report")}),
        ("evidence", {(1, None)}),
        ("countries", {(0, None)}),
        ("topics", {(0, None)}),
        ("sources", {(0, None)}),
    ],
)
def test_what_nobody_asserts(client: TestClient, path: str, expected: set[Any]) -> None:
    found = everything(client, path)
    assert {(one["sources_count"], one["strength"]) for one in found} == expected


def test_one_source_does_not_contradict_itself(client: TestClient) -> None:
    for resource in RESOURCES:
        assert ids(client, resource.name, has_contradictions="true") == []
        assert all(one["contradictions"] == [] for one in everything(client, resource.name))


@pytest.mark.parametrize("value", ["0", "x", "-1", "1.5", "+1", str(2**31), "!1", "1,2"])
def test_how_many_sources_is_a_number_from_one(client: TestClient, value: str) -> None:
    (fault,) = refused(client, "/v1/statements", sources_min=value)["errors"]
    assert (fault["parameter"], fault["code"]) == ("sources_min", "out_of_range")


def test_an_unknown_strength_is_refused(client: TestClient) -> None:
    (fault,) = refused(client, "/v1/meetings", strength="fragmnt")["errors"]
    assert fault["allowed"] == ["own_words", "fragment", "paraphrase", "report", "inference"]
    assert fault["did_you_mean"] == "fragment"


# --------------------------------------------------------------------------- two newspapers


def test_sources_are_counted(toy: TestClient) -> None:
    assert slugs(toy, "statements", sources_min=2) == {"one-on-tariffs"}
    assert slugs(toy, "meetings", sources_min=2) == {"talks-2"}
    assert slugs(toy, "meetings", sources_min=1) == {"talks-2", "talks-3"}
    assert slugs(toy, "meetings", sources_min=3) == set()
    assert slugs(toy, "relations", sources_min=2) == set()
    assert read(toy, "/v1/meetings/talks-2")["sources_count"] == 2
    assert slugs(toy, "meetings", sources_min=2, basis="source") == {"talks-2"}


def test_what_a_source_carries_is_its_list(toy: TestClient) -> None:
    carried: dict[str, set[str]] = {
        one["record"]["id"]: set() for one in everything(toy, "evidence")
    }
    for one in everything(toy, "evidence"):
        carried[one["record"]["id"]].add(one["source"]["slug"])
    sources = {one["slug"] for one in everything(toy, "sources")}
    for resource in (one for one in RESOURCES if one.is_carried):
        for slug in sources:
            found = {one["id"] for one in everything(toy, resource.name, source=slug)}
            every = {one["id"] for one in everything(toy, resource.name)}
            assert found == {id for id in every if slug in carried.get(id, ())}
    assert {*map(len, carried.values())} >= {1, 2}


@pytest.mark.parametrize(("publisher", "count"), [("TOY PRESS", 1), ("Toy Press Group", 2)])
def test_sources_of_one_publisher_count_as_one(
    url: str, folders: list[Path], publisher: str, count: int
) -> None:
    change(folders[1], "publisher: Echo Press", f"publisher: {publisher}")
    for client in served(url, *folders):
        assert read(client, "/v1/meetings/talks-2")["sources_count"] == count


def test_sources_of_unknown_publishers_are_independent(url: str, folders: list[Path]) -> None:
    change(folders[0], "    publisher: Toy Press\n", "")
    change(folders[1], "    publisher: Echo Press\n", "")
    for client in served(url, *folders):
        assert read(client, "/v1/meetings/talks-2")["sources_count"] == 2


def test_the_strongest_counts_and_a_paraphrase_contradicts_no_quotation(toy: TestClient) -> None:
    statement = read(toy, "/v1/statements/one-on-tariffs")
    told = {name: statement[name] for name in ("kind", "own_words", "strength", "contradictions")}
    assert told == {
        "kind": "mixed", "own_words": True, "strength": "fragment", "contradictions": [],
    }  # fmt: skip
    # The words are ours, those of the first bundle.
    assert statement["text"] == "Tariffs are to come down."


def test_a_quotation_counts_wherever_its_bundle_stands(url: str, folders: list[Path]) -> None:
    for folder, name in zip(folders, ("b", "a"), strict=True):
        header = folder / "bundle.yaml"
        renamed = re.sub("bundle: .*", f"bundle: {name}", header.read_text("utf-8"))
        header.write_text(renamed, encoding="utf-8")
    for client in served(url, *folders):
        statement = read(client, "/v1/statements/one-on-tariffs")
        assert (statement["kind"], statement["strength"]) == ("mixed", "fragment")
        assert statement["text"] == "She is for lower tariffs."


def test_contradictions_stand_side_by_side(toy: TestClient) -> None:
    meeting = read(toy, "/v1/meetings/talks-2")
    assert (meeting["host"]["slug"], meeting["city"]["slug"]) == ("aaa", "alphaville")
    assert meeting["date_edtf"] == "XXXX-05-02"
    assert differing(toy, "/v1/meetings/talks-2") == {
        "city": [("alphaville", ["toy-times"]), ("betatown", ["echo"])],
        "date_edtf": [("XXXX-05-02", ["toy-times"]), ("XXXX-05-03", ["echo"])],
        "host": [("aaa", ["toy-times"]), ("bbb", ["echo"])],
    }
    # What is answered has the shape of every reference.
    (source,) = meeting["contradictions"][0]["values"][0]["sources"]
    id = record_id(Collection.sources, "toy-times")
    assert source == {"id": id, "slug": "toy-times", "name": None}
    assert differing(toy, "/v1/disputes/egg-islands") == {
        "status": [("active", ["toy-times"]), ("dormant", ["echo"])]
    }


def test_what_rows_and_names_contradict_is_served(url: str, folders: list[Path]) -> None:
    more = "    name: Egg Parley\n    series: [{series: talks, ordinal: 3}]\n"
    more += "    participations: [{participant: ann-one, role: host, country: bbb}]\n"
    change(folders[1], "    host: bbb\n", f"    host: bbb\n{more}")
    parties = "parties: [{country: aaa, role: party}, {country: bbb}]"
    change(folders[1], "status: dormant", f"status: active\n    {parties}")
    for client in served(url, *folders):
        meeting = read(client, "/v1/meetings/talks-2", include="names")
        assert [row["ordinal"] for row in meeting["series"]] == [2]
        assert [row["country"]["slug"] for row in meeting["participations"]] == ["aaa", "bbb"]
        assert [(name["text"], name["kind"]) for name in meeting["names"]] == [
            ("second Alpha-Beta Talks", "main"), ("Egg Parley", "alias"),
        ]  # fmt: skip
        assert slugs(client, "meetings", q="parley") == {"talks-2"}
        told = differing(client, "/v1/meetings/talks-2")
        ordinals = [(2, ["toy-times"]), (3, ["echo"])]
        assert told["series/talks/ordinal"] == ordinals
        assert told["participations/host/ann-one/country"][1] == ("bbb", ["echo"])
        assert told["name"][1] == ("Egg Parley", ["echo"])
        told = differing(client, "/v1/disputes/egg-islands")
        assert told == {"parties/aaa/role": [("claimant", ["toy-times"]), ("party", ["echo"])]}


def test_what_contradicts_is_found(toy: TestClient) -> None:
    assert slugs(toy, "meetings", has_contradictions="true") == {"talks-2"}
    assert slugs(toy, "meetings", has_contradictions="false") == {"talks-3"}
    assert slugs(toy, "disputes", has_contradictions="true") == {"egg-islands"}
    assert slugs(toy, "statements", has_contradictions="true") == set()
    # A filter asks for the value that is served.
    assert slugs(toy, "meetings", host="bbb") == set()


def test_contradictions_stay_where_sources_alone_count(
    url: str, folders: list[Path], tmp_path: Path
) -> None:
    lore = bundle(tmp_path / "lore", REFERENCE, "bundle: lore\nbasis: reference\n")
    for client in served(url, *folders, lore):
        every = differing(client, "/v1/meetings/talks-2")
        assert every["date_edtf"] == [("XXXX-05-02", ["toy-times"]), ("XXXX-05-03", ["echo"])]
        assert differing(client, "/v1/meetings/talks-2", basis="source") == every
        assert slugs(client, "meetings", has_contradictions="true", basis="source") == {"talks-2"}


def test_contradictions_in_flat_forms(toy: TestClient) -> None:
    answer = toy.get("/v1/disputes?format=csv&fields=contradictions,sources_count,strength")
    header, row = (line.split(",") for line in answer.text.splitlines())
    told = dict(zip(header, row, strict=True))
    assert (told["sources_count"], told["strength"]) == ("2", "report")
    assert (told["contradictions_count"], told["contradiction_field"]) == ("1", "status")
    assert told["contradiction_value_value"] == "active; dormant"
    assert told["contradiction_value_source_slug"] == "toy-times; echo"


def test_a_contradiction_that_is_taken_back_is_gone(url: str, folders: list[Path]) -> None:
    seeding(url, *folders)
    drop(folders[1], "egg-islands")
    for client in served(url, folders[1]):
        dispute = read(client, "/v1/disputes/egg-islands")
        assert (dispute["sources_count"], dispute["contradictions"]) == (1, [])
        assert dispute["version"] == 2


# ------------------------------------------------------------------------ what stays an error


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("host: bbb", "host: ccc", "contradictions.host.2: no bundle tells of countries/ccc"),
        (
            "    host: bbb\n",
            "    host: bbb\n    participations: [{participant: bo-two, country: ccc}]\n",
            "country.2: no bundle tells of countries/ccc",
        ),
    ],
)
def test_what_cannot_stand_side_by_side_is_refused(
    url: str, folders: list[Path], old: str, new: str, message: str
) -> None:
    change(folders[1], old, new)
    with pytest.raises(BundleError) as caught, disposing(create_engine(url)) as engine:
        seed(engine, folders)
    assert any(message in str(problem) for problem in caught.value.problems), caught.value


# --------------------------------------------------------------------------------- migrations


def attested(url: str) -> Any:
    """What the database holds of how well records are attested."""
    columns, rows = tables(url)["record"]
    places = [columns.index(name) for name in ("id", "sources", "strength")]
    told = sorted(tuple(row[place] for place in places) for row in rows)
    return told, tables(url)["contradiction"]


def test_a_filled_database_is_attested_by_the_migration(copied: str) -> None:
    before = attested(copied)
    assert {row[1:] for row in before[0]} > {(0, None), (1, None), (1, "own_words")}
    command.downgrade(config(copied), BEFORE)
    migrate(copied)
    assert attested(copied) == before


def test_what_a_migration_cannot_tell_the_next_seeding_does(url: str, folders: list[Path]) -> None:
    seeding(url, *folders)
    before = attested(url)
    command.downgrade(config(url), BEFORE)
    migrate(url)
    after = attested(url)
    assert (after[0], after[1][1]) == (before[0], [])
    seeding(url, *folders)
    assert attested(url) == before
    with disposing(create_engine(url)) as engine:
        report = seed(engine, folders)
    assert (report.created, report.updated, report.deleted) == (0, 0, 0)


def test_the_order_of_seeding_is_of_no_account(
    databases: Databases, migrated: str, folders: list[Path], tmp_path: Path
) -> None:
    lore = bundle(tmp_path / "lore", REFERENCE, "bundle: lore\nbasis: reference\n")
    found = []
    for number in range(3):
        url = databases.copy(migrated)
        order = [*folders, lore]
        random.Random(number).shuffle(order)  # noqa: S311
        if folders[0] is order[0]:
            for folder in order:
                seeding(url, folder)
        else:
            seeding(url, *order)
        found.append(attested(url))
    assert found[0] == found[1] == found[2]
