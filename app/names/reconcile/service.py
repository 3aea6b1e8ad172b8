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
_PLAIN = (str, int, float, bool, date, Ref, type(None))


def manifest(public_url: str) -> dict[str, Any]:
    """What the service offers."""
    base = f"{public_url}{PATH}"
    suggest = {
        kind: {"service_url": base, "service_path": f"/suggest/{kind}"}
        for kind in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": TITLE,
        "identifierSpace": f"{public_url}/v1/batch?ids=",
        "schemaSpace": f"{public_url}/vocabulary",
        "documentation": f"{public_url}/docs",
        "serviceVersion": __version__,
        "defaultTypes": [type_of(name) for name in TYPES],
        "view": {"url": f"{base}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{base}/preview?id={{{{id}}}}", "width": 400, "height": 200},
        "suggest": suggest,
        "extend": {"propose_properties": {"service_url": base, "service_path": "/properties"}},
    }


def type_of(collection: str) -> dict[str, str]:
    """A collection as a type."""
    return {"id": collection, "name": collection.capitalize()}


def properties(resource: Resource) -> Sequence[str]:
    """The fields of a collection's records whose values fit in a cell, or in several."""
    told = (name for name in resource.out.model_fields if name not in resource.includes)
    return [name for name in told if _fits(resource.out.model_fields[name])]


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
