"""GeoJSON: what has a place, as maps read it."""

import json
from urllib.request import urlopen

import pytest
from conftest import on_sqlite
from reading import read
from serving import serving
from shapely.geometry import shape
from starlette.testclient import TestClient

from app.query.forms import flat
from app.query.resource import Resource
from app.resources import RESOURCES

PLACED = [one for one in RESOURCES if "geojson" in one.forms]
COLLECTIONS = pytest.mark.parametrize("resource", PLACED, ids=lambda one: one.name)


def test_what_has_coordinates_comes_as_geojson() -> None:
    assert {"meetings", "disputes", "incidents"} <= {one.name for one in PLACED}
    assert {one.name for one in PLACED}.isdisjoint({"statements", "topics", "evidence"})


@COLLECTIONS
def test_features_are_the_records(client: TestClient, resource: Resource) -> None:
    answer = read(client, f"/v1/{resource.name}?format=geojson&limit=200")
    assert list(answer) == ["type", "features"]
    assert answer["type"] == "FeatureCollection"
    records = read(client, f"/v1/{resource.name}?limit=200")["items"]
    fields = [name for name in resource.shown if name != "coordinates"]
    told = list(flat.rows(resource.out, fields, records))
    for feature, record, properties in zip(answer["features"], records, told, strict=True):
        place = record["coordinates"]
        assert feature == {
            "type": "Feature",
            "id": record["id"],
            "geometry": place
            and {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]},
            "properties": properties,
        }


@on_sqlite
def test_shapely_opens_an_address(seeded: str, client: TestClient) -> None:
    with serving(seeded) as address, urlopen(f"{address}/v1/disputes?format=geojson") as answer:
        features = json.load(answer)["features"]
    found = [shape(one["geometry"]) for one in features if one["geometry"]]
    points = [
        (place["longitude"], place["latitude"])
        for one in read(client, "/v1/disputes")["items"]
        if (place := one["coordinates"])
    ]
    assert [(one.x, one.y) for one in found] == points != []


def test_longitude_stands_first(client: TestClient) -> None:
    answer = read(client, "/v1/disputes?format=geojson&slug=dokdo-takeshima-islands&fields=slug")
    [feature] = answer["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [131.8667, 37.2417]}
    assert feature["properties"] == {"id": feature["id"], "slug": "dokdo-takeshima-islands"}


def test_what_no_source_states_has_no_place(client: TestClient) -> None:
    answer = read(client, "/v1/disputes?format=geojson&basis=source")
    assert {feature["geometry"] for feature in answer["features"]} == {None}


def test_nothing_found_is_a_collection_of_nothing(client: TestClient) -> None:
    answer = read(client, "/v1/disputes?format=geojson&q=nothing+of+the+kind")
    assert answer == {"type": "FeatureCollection", "features": []}
