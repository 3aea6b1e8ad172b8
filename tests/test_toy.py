"""A collection that the mechanism has never heard of, declared here and nowhere else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

import pytest
import sqlalchemy as sa
from conftest import client_of, service
from reading import Json, ids, read, refused
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel
from starlette.testclient import TestClient

from app.db import write
from app.models import KEY, Basis, Collection, Name, NameKind, Record, one_of
from app.query.filters import Choice, Known, Number, Reference, Span, YesNo
from app.query.refs import Ref
from app.query.resolve import Among
from app.query.resource import Resource
from app.query.router import build_router
from app.query.shape import Column, Linked, Out, OwnName, RefTo
from app.query.values import link, own
from app.resources.common import COUNTRIES


class Rig(StrEnum):
    """How a ship is rigged."""

    sloop = "sloop"
    schooner = "schooner"


class Toy(SQLModel, registry=registry()):
    """The base of tables that are kept out of what is migrated."""


class Ship(Toy, table=True):
    """A ship."""

    id: str = Field(primary_key=True, sa_type=KEY)
    rig: Rig = Field(sa_type=one_of(Rig))
    masts: int
    armed: bool
    port: str | None = None
    flagship_id: str | None = Field(default=None, sa_type=KEY)
    launch_earliest: date | None = None
    launch_latest: date | None = None


class Escort(Toy, table=True):
    """A ship that sails with another."""

    ship_id: str = Field(primary_key=True, sa_type=KEY)
    other_id: str = Field(primary_key=True, sa_type=KEY)
    position: int = 0


class ShipOut(Out):
    """A ship."""

    id: Annotated[str, Column(column=Record.id)]
    slug: Annotated[str, Column(column=Record.slug)]
    name: Annotated[str | None, OwnName(column=Record.id)]
    rig: Rig
    masts: int
    armed: bool
    port: str | None
    flagship: Annotated[Ref | None, RefTo(column="flagship_id")]
    escorts: Annotated[list[Ref], Linked(owner=Escort.ship_id, value=Escort.other_id)]
    launch_earliest: date | None
    launch_latest: date | None


SHIPS = Among(Collection.places)
"""Ships borrow the one collection that has no addresses of its own."""

RESOURCE = Resource(
    collection=Collection.places,
    about="Ships.",
    table=Ship,
    out=ShipOut,
    filters={
        "rig": Choice("How it is rigged.", own(Ship.rig), enum=Rig),
        "masts": Number("How many masts.", own(Ship.masts)),
        "armed": YesNo("Whether it is armed.", own(Ship.armed)),
        "port": Known("Its home.", own(Ship.port)),
        "flagship": Reference("Whom it follows.", own(Ship.flagship_id), to=SHIPS),
        "escort": Reference(
            "Who sails with it.", link(Escort.ship_id, Escort.other_id), "escorts", to=SHIPS
        ),
        "launch": Span("Launched", Ship.launch_earliest, Ship.launch_latest),
    },
    sorts={"masts": (Ship.masts,), "launch": (Ship.launch_earliest, Ship.launch_latest)},
    default_sort="-masts",
)

FLEET: list[Json] = [
    {"id": "shp_1", "rig": "sloop", "masts": 1, "armed": False, "port": "Ventry"},
    {"id": "shp_2", "rig": "schooner", "masts": 2, "armed": True, "port": "Brest",
     "launch_earliest": date(1801, 1, 1), "launch_latest": date(1801, 12, 31)},
    {"id": "shp_3", "rig": "schooner", "masts": 3, "armed": True, "flagship_id": "shp_2",
     "launch_earliest": date(1805, 10, 21), "launch_latest": date(1805, 10, 21)},
]  # fmt: skip
ESCORTS: list[Json] = [
    {"ship_id": "shp_3", "other_id": "shp_2", "position": 0},
    {"ship_id": "shp_3", "other_id": "shp_1", "position": 1},
]


@pytest.fixture(scope="module")
def toy(databases: Any, seeded: str) -> Iterator[TestClient]:
    app = service(databases.copy(seeded))
    app.include_router(build_router(RESOURCE, COUNTRIES))
    with client_of(app) as client:
        launch(app.state.engine)
        yield client


def launch(engine: sa.Engine) -> None:
    with write(engine) as session:
        Toy.metadata.create_all(session.connection())
        at = datetime(1805, 10, 21, tzinfo=UTC)
        names = {"shp_1": "Dawn", "shp_2": "Étoile", "shp_3": None}
        for id, name in names.items():
            slug = f"ship-{id[-1]}"
            told: Json = {"id": id, "key": slug, "slug": slug, "name": name, "label": slug}
            more: Json = {"collection": Collection.places, "sort_name": (name or slug).lower()}
            history: Json = {"sha256": "0" * 64, "created_at": at, "updated_at": at}
            session.add(Record(**told, **more, **history))
        session.flush()
        star = Name(record_id="shp_2", position=0, text="星", language="ja", kind=NameKind.main,
                    basis=Basis.source)  # fmt: skip
        session.add(star)
        session.flush()
        for table, rows in ((Ship, FLEET), (Escort, ESCORTS)):
            for row in rows:
                session.execute(sa.insert(table).values(row))


def asked(client: TestClient, **parameters: Any) -> list[str]:
    fleet = {row["id"] for row in FLEET}
    return [id for id in ids(client, "places", **parameters) if id in fleet]


def test_a_record_is_told_in_its_declared_shape(toy: TestClient) -> None:
    assert read(toy, "/v1/places/ship-3", lang="ja") == {
        "id": "shp_3",
        "slug": "ship-3",
        "name": None,
        "rig": "schooner",
        "masts": 3,
        "armed": True,
        "port": None,
        "flagship": {"id": "shp_2", "slug": "ship-2", "name": "星"},
        "escorts": [
            {"id": "shp_2", "slug": "ship-2", "name": "星"},
            {"id": "shp_1", "slug": "ship-1", "name": "Dawn"},
        ],
        "launch_earliest": "1805-10-21",
        "launch_latest": "1805-10-21",
    }


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [3, 2, 1]),
        ({"rig": "schooner"}, [3, 2]),
        ({"rig": "!schooner"}, [1]),
        ({"masts": "1,3"}, [3, 1]),
        ({"masts": "!3"}, [2, 1]),
        ({"armed": "false"}, [1]),
        ({"port": "brest"}, [2]),
        ({"port": "!Brest"}, [3, 1]),
        ({"has_port": "false"}, [3]),
        ({"flagship": "ship-2"}, [3]),
        ({"flagship": "!shp_2"}, [2, 1]),
        ({"escort": "SHIP-1"}, [3]),
        ({"has_escort": "false"}, [2, 1]),
        ({"launch_from": "1801-06", "launch_to": "1801-07"}, [2]),
        ({"launch_from": "1802"}, [3]),
        ({"has_launch": "false"}, [1]),
        ({"has_name": "true"}, [2, 1]),
        ({"rig": "schooner", "port": "!brest"}, [3]),
        ({"sort": "launch"}, [2, 3, 1]),
        ({"sort": "-launch"}, [3, 2, 1]),
        ({"sort": "name"}, [1, 3, 2]),
    ],
)
@pytest.mark.parametrize("limit", [1, 200])
def test_its_filters_and_sorts_work(
    toy: TestClient, parameters: dict[str, str], expected: list[int], limit: int
) -> None:
    found = asked(toy, limit=limit, **parameters)
    assert found == [f"shp_{number}" for number in expected]


def test_its_facets_count(toy: TestClient) -> None:
    answer = read(toy, "/v1/places/facets", facet="rig,escort,armed", armed="true")
    counts = {
        name: {row["value"]: row["count"] for row in rows}
        for name, rows in answer["facets"].items()
    }
    assert counts == {
        "rig": {"schooner": 2},
        "escort": {"ship-1": 1, "ship-2": 1},
        "armed": {"true": 2, "false": 1},
    }


def test_its_mistakes_are_told(toy: TestClient) -> None:
    (fault,) = refused(toy, "/v1/places", rigg="sloop")["errors"]
    assert fault["did_you_mean"] == "rig"
    (fault,) = refused(toy, "/v1/places", rig="slop")["errors"]
    assert (fault["allowed"], fault["did_you_mean"]) == (["sloop", "schooner"], "sloop")
    assert refused(toy, "/v1/places/ship-9", 404)["code"] == "not_found"


def test_it_is_documented(toy: TestClient) -> None:
    document = read(toy, "/openapi.json")
    operation = document["paths"]["/v1/places"]["get"]
    assert operation["operationId"] == "places_list"
    assert {one["name"] for one in operation["parameters"]} >= {"rig", "has_port", "launch_from"}
    assert document["components"]["schemas"]["Rig"]["enum"] == ["sloop", "schooner"]
    assert "masts" in document["components"]["schemas"]["ShipOut"]["properties"]
