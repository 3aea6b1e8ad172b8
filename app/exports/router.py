"""The addresses of exports: each collection in each form that suits it, and all of them at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import PurePath
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, WithJsonSchema

from app.db import state
from app.errors import (
    ApiError,
    InvalidQuery,
    NotAcceptable,
    NotFound,
    NotInstalled,
    fault,
    nearest,
)
from app.exports.sending import send_export
from app.exports.whole import WHOLE, Everything, Whole
from app.query.answer import SESSION, answering, check_dialect, widened
from app.query.forms import KNOWN, exported, media_types
from app.query.forms.writer import Page, Writer, bare
from app.query.params import ExportParameters, Wording
from app.query.resolve import Among
from app.query.resource import Resource
from app.query.shape import Item
from app.query.strict import only


class Export(BaseModel):
    """A file that can be downloaded."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    collection: str
    """What it holds all records of; `all` for the whole knowledge base."""
    form: str
    """How it is written."""
    media_type: str
    """What it is sent as."""
    url: str
    """Where it is; it takes the filters of the collection."""


class ExportList(BaseModel):
    """Every file that can be downloaded."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    exports: list[Export]
    """By collection and form."""


class Unasked(BaseModel):
    """The parameters of what can only be as it is."""


ALL = "all"


def build_router(
    resources: Sequence[Resource], countries: Among, wholes: Mapping[str, Whole] = WHOLE
) -> APIRouter:
    """The exports of ``resources``, one by one and as a whole.

    ``countries`` is where ``names_by`` looks.
    """
    router = APIRouter(prefix="/v1/exports", tags=["exports"], dependencies=[Depends(_alone)])
    forms = {resource.name: exported(resource.out) for resource in resources}
    _add_list(router, forms, wholes)
    for resource in resources:
        _add_export(router, resource, forms[resource.name], countries)
    for form, whole in wholes.items():
        _add_whole(router, form, whole, resources, countries)
    allowed = {name: [*suiting] for name, suiting in forms.items()}
    _add_unknown(router, {**allowed, ALL: [*wholes]} if wholes else allowed)
    return router


def _alone(request: Request) -> None:
    """Refuse to be asked within another request."""
    if SESSION in request.scope:
        raise NotAcceptable("An export is a file, and no part of another answer.")


Forms = Mapping[str, Mapping[str, Writer[Page]]]


def _add_list(router: APIRouter, forms: Forms, wholes: Mapping[str, Whole]) -> None:
    strict = [Depends(only(BaseModel))]

    @router.get("", name="list", summary="List exports", dependencies=strict)
    def list_(request: Request) -> ExportList:
        """What can be downloaded as a file, and where."""
        base = request.app.state.public_url
        found = [
            (name, form, writer.media_type)
            for name, suiting in forms.items()
            for form, writer in suiting.items()
            if writer.installed()
        ]
        found += [(ALL, form, whole.media_type) for form, whole in wholes.items()]
        exports = [
            Export(
                collection=name,
                form=form,
                media_type=media_type,
                url=f"{base}/v1/exports/{name}.{form}",
            )
            for name, form, media_type in found
        ]
        return ExportList(exports=exports)


def _add_export(
    router: APIRouter, resource: Resource, forms: Mapping[str, Writer[Page]], countries: Among
) -> None:
    model = resource.export_parameters
    parameters: Any = Annotated[model, Query()]
    schema = WithJsonSchema({"type": "string", "enum": [*forms]})
    form_type: Any = Annotated[str, Path(description="How the file is written."), schema]
    documented: dict[str, Any] = {
        "summary": f"Export {resource.name}",
        "description": f"All that match, as one file of one revision. {resource.about}",
        "dependencies": [Depends(only(model))],
        "responses": {200: {"description": "The file.", "content": media_types(forms)}},
    }

    @router.get(
        f"/{resource.name}.{{form}}", name=resource.name, response_class=Response, **documented
    )
    async def export(request: Request, form: form_type, query: parameters) -> Response:
        if form not in forms:
            raise _unsuitable(form, resource.name, [*forms])
        writer = forms[form]
        _check(query, writer, forms)
        reading = widened(resource, query, writer, forms)

        def make(file: BinaryIO) -> tuple[str, int]:
            with answering(request, query, countries) as context, ExitStack() as reads:
                everything = Everything(request, context, [resource], reads)
                given = query.model_dump(exclude_unset=True)
                page = everything.page(resource, given, reading)
                return state(context.session), _written(page, query, writer, file)

        name = f"{resource.name}.{form}"
        return await send_export(request, query, make, writer.media_type, name)


def _written(page: Page, query: ExportParameters, writer: Writer[Page], file: BinaryIO) -> int:
    """Write records to a file, and tell how many they are."""
    items = Counted(page.items)
    told = replace(page, answer={"items": items}, counted=bool(query.count))
    file.writelines(writer.blocks(told))
    return items.number


def _add_whole(
    router: APIRouter, form: str, whole: Whole, resources: Sequence[Resource], countries: Among
) -> None:
    model = Wording if whole.told else Unasked
    parameters: Any = Annotated[model, Query()]
    content = {bare(whole.media_type): {"schema": {"type": "string"}}}
    documented: dict[str, Any] = {
        "summary": f"Export the whole knowledge base as {form}",
        "description": "All records of all collections, as one file of one revision.",
        "dependencies": [Depends(only(model))],
        "responses": {200: {"description": "The file.", "content": content}},
    }
    name = f"{ALL}.{form}"

    @router.get(f"/{name}", name=f"{ALL}_{form}", response_class=Response, **documented)
    async def export_all(request: Request, query: parameters) -> Response:
        manner = Wording.model_validate(query.model_dump(exclude_unset=True))

        def make(file: BinaryIO) -> tuple[str, int]:
            with answering(request, manner, countries) as context, ExitStack() as reads:
                everything = Everything(request, context, resources, reads)
                whole.write(everything, file)
                return state(context.session), everything.total()

        return await send_export(request, manner, make, whole.media_type, f"communique.{form}")


def _check(
    query: ExportParameters, writer: Writer[Page], forms: Mapping[str, Writer[Page]]
) -> None:
    """Refuse what the form does not have, rather than ignore it, or what cannot be written."""
    if not writer.installed():
        detail = f"This form is written where the extra `{writer.extra}` is installed."
        raise NotInstalled(detail)
    check_dialect(query, writer)
    if query.count and not writer.counts:
        having = ", ".join(name for name, one in forms.items() if one.counts)
        detail = f"`count` is a last line of these forms: {having}."
        raise InvalidQuery(detail, [fault("unsuitable_parameter", "count", detail)])


class Counted:
    """Items that are counted while they are read, once."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self.number = 0

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            self.number += 1
            yield item


def _add_unknown(router: APIRouter, forms: Mapping[str, list[str]]) -> None:
    @router.get("/{name}", include_in_schema=False)
    async def unknown(name: str) -> None:
        file = PurePath(name)
        if file.stem in forms:
            raise _unsuitable(file.suffix[1:], file.stem, forms[file.stem])
        raise _unknown("collection", file.stem, "What is exported is one of", [*forms])


def _unsuitable(form: str, name: str, allowed: list[str]) -> ApiError:
    """The error of an export in a form which it does not have, or which nobody knows."""
    sentence = f"{name} is exported as"
    if form not in (*KNOWN, *WHOLE):
        return _unknown("form", form, sentence, allowed)
    detail = f"{sentence} {', '.join(allowed)}."
    one = fault("not_acceptable", "form", detail, allowed=allowed, location="path")
    return NotAcceptable(detail, [one])


def _unknown(parameter: str, written: str, sentence: str, allowed: list[str]) -> NotFound:
    """The error of an address of which a part is none of those ``allowed``."""
    detail = f"{sentence} {', '.join(allowed)}."
    meant = nearest(written, allowed)
    one = fault("unknown_path", parameter, detail, allowed=allowed, meant=meant, location="path")
    return NotFound(one.detail, [one])
