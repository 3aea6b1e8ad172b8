"""Records as nodes of a graph, by what their fields mean."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_origin

from pydantic import BaseModel

from app.query.forms.flat import singular
from app.query.forms.writer import Page
from app.query.meaning import At, Literal, Means, Node, Told, Types, address, meaning, parts
from app.query.refs import Ref
from app.query.shape import Item, inner

NEEDS = ("names", "evidence", "children")
"""What a graph tells that is absent from a list unless asked for."""


def nodes(page: Page) -> Iterator[Node]:
    """Each record of a page, with all that is told of it."""
    return (
        _node(page.public_url, address(page.public_url, item["id"]), page.out, item)
        for item in page.items
    )


def own_class(shape: type[BaseModel]) -> str:
    """What we call the objects of a shape."""
    return shape.__name__.removesuffix("Out")


def types_of(shape: type[BaseModel]) -> Types:
    """What others call them."""
    found: Types = getattr(shape, "types", Types())
    return found


@cache
def meanings(shape: type[BaseModel]) -> dict[str, Means]:
    """The fields of a shape that say something, with what they say."""
    every = {name: meaning(shape, name) for name in shape.model_fields if name != "id"}
    return {name: means for name, means in every.items() if means.told}


@cache
def term_of(shape: type[BaseModel], name: str) -> str:
    """The term that a field stands for."""
    return meanings(shape)[name].term or (singular(name) if many(shape, name) else name)


@cache
def many(shape: type[BaseModel], name: str) -> bool:
    """Whether a field is a list."""
    return get_origin(shape.model_fields[name].annotation) is list


@cache
def kind_of(shape: type[BaseModel], name: str) -> Any:
    """The class of a field's value, or of each of its values."""
    return inner(shape.model_fields[name].annotation)


def _node(public_url: str, id: str, shape: type[BaseModel], item: Item) -> Node:
    types = types_of(shape)
    at = At(public_url, id, item, types)
    told = tuple(pair for name in meanings(shape) for pair in _field(at, shape, name))
    return Node(id, (own_class(shape), *types.of(item)), told)


def _field(at: At, shape: type[BaseModel], name: str) -> Told:
    """What one field says; nothing where it is unknown."""
    value = at.item.get(name)
    means = meanings(shape)[name]
    if value is None:
        return
    if means.tell is not None:
        yield from means.tell(at, value)
    else:
        term = term_of(shape, name)
        for part, one in _each(name, value):
            yield term, _value(at, kind_of(shape, name), part, one, means.datatype)
    if means.adds is not None:
        yield from means.adds(at, value)


def _each(name: str, value: Any) -> Iterable[tuple[str, Any]]:
    """The values of a field, and what each is called within the object."""
    return parts(name, value) if isinstance(value, list) else ((name, value),)


def _value(at: At, kind: Any, part: str, value: Any, datatype: str | None) -> Node | Literal:
    if not isinstance(value, dict):
        return Literal.of(value, datatype)
    if issubclass(kind, Ref):
        return at.to(value)
    id = address(at.public_url, value["id"]) if "id" in value else at.within(part)
    return _node(at.public_url, id, kind, value)
