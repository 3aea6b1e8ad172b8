"""GeoJSON (RFC 7946): what has a place on the map, and what is told of it as flat properties."""

from collections.abc import Iterator
from typing import Any

from pydantic_core import to_json

from app.query.forms import flat
from app.query.forms.writer import Page, Writer, has, without
from app.query.shape import Item

PLACE = "coordinates"


def _features(page: Page) -> Iterator[bytes]:
    """One feature for each record; its geometry is null where no place is known."""
    told = without(page, PLACE)
    properties = flat.reader(told.out, told.fields)
    before = b'{"type":"FeatureCollection","features":['
    for item in page.items:
        yield before + to_json(_feature(item, properties(item)))
        before = b","
    yield b"]}" if before == b"," else before + b"]}"


def _feature(item: Item, properties: Item) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": item["id"],
        "geometry": _point(item[PLACE]),
        "properties": properties,
    }


def _point(place: dict[str, float] | None) -> dict[str, Any] | None:
    """The point; GeoJSON has the longitude first."""
    if place is None:
        return None
    return {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}


GEOJSON = Writer[Page]("application/geo+json", _features, suits=has(PLACE), needs=(PLACE,))
