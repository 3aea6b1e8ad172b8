"""What the service offers: its types, which are our collections, and fields as their properties."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, get_args

from pydantic.fields import FieldInfo

from app import TITLE, __version__
from app.query.refs import Ref
from app.query.resource import Resource
from app.resources import RESOURCES

PATH = "/v1/reconcile"
TYPES = {one.name: one for one in RESOURCES if one.name != "evidence"}
"""The collections by what the service calls them; evidence has no names."""
COMPARED = {"country": "Country", "role": "Role", "date": "Date"}
"""What a query may tell beside a name, with which candidates are weighed."""
_ONLY_OF = {"role": {"participants"}, "date": {"meetings", "incidents", "sources"}}
"""The collections whose records have it, where not all do."""
_PLAIN = (str, int, float, bool, date, Ref, type(None))


def manifest(public_url: str, carried: str, types: Sequence[str]) -> dict[str, Any]:
    """What the service offers, in addresses with the parameters that are ``carried``."""
    base = f"{public_url}{PATH}"
    asked = f"?{carried}" if carried else ""
    shown = f"{base}/preview?id={{{{id}}}}{carried and '&'}{carried}"
    suggest = {
        kind: {"service_url": base, "service_path": f"/suggest/{kind}{asked}"}
        for kind in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": TITLE,
        "identifierSpace": f"{public_url}/v1/batch?ids=",
        "schemaSpace": f"{public_url}/vocabulary",
        "documentation": f"{public_url}/docs",
        "serviceVersion": __version__,
        "defaultTypes": [type_of(name) for name in types],
        "view": {"url": shown},
        "preview": {"url": shown, "width": 400, "height": 200},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": base, "service_path": f"/properties{asked}"}
        },
    }


def type_of(collection: str) -> dict[str, str]:
    """A collection as a type."""
    return {"id": collection, "name": collection.capitalize()}


def properties(resource: Resource) -> Sequence[str]:
    """The fields of a collection's records whose values fit in a cell, or in several."""
    told = (name for name in resource.out.model_fields if name not in resource.includes)
    return [name for name in told if _fits(resource.out.model_fields[name])]


def proposed(collection: str | None) -> list[str]:
    """What records of a type, or of any, can be extended by: fields, and what is compared."""
    some = [TYPES[collection]] if collection else TYPES.values()
    told = [name for one in some for name in properties(one)]
    more = [name for name in COMPARED if not collection or collection in _ONLY_OF.get(name, TYPES)]
    return list(dict.fromkeys([*told, *more]))


def property_of(name: str) -> dict[str, str]:
    """A field as a property."""
    return {"id": name, "name": COMPARED.get(name, name.replace("_", " ").capitalize())}


def _fits(field: FieldInfo) -> bool:
    return all(
        isinstance(kind, type) and issubclass(kind, _PLAIN) for kind in _kinds(field.annotation)
    )


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types of which a value may be, within lists and beside nothing."""
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for kind in inner:
        yield from _kinds(kind)
