"""Exports of the whole knowledge base, each written by a function of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from typing import BinaryIO

from fastapi import Request

from app.bundles import whole
from app.bundles.archive import UntellableError
from app.errors import ExportFailed
from app.query.answer import page_of, widened
from app.query.context import Context
from app.query.forms import triples
from app.query.forms.writer import Page, Writer
from app.query.listing import Listing, every, total
from app.query.params import ExportParameters
from app.query.resource import Resource


@dataclass(frozen=True)
class Everything:
    """All collections at one moment, as they are given to what writes them."""

    request: Request
    context: Context
    """With the session in which all is read."""
    resources: Sequence[Resource]
    open: ExitStack
    """Closes what was left half read."""

    def pages(self, writer: Writer[Page]) -> Iterator[Page]:
        """Each collection whose records the form suits, with what the form needs."""
        asked = ExportParameters()
        for resource in self.resources:
            if writer.suits(resource.out):
                yield self.page(resource, {}, widened(resource, asked, writer, {}))

    def page(
        self, resource: Resource, given: Mapping[str, object], query: ExportParameters
    ) -> Page:
        """All records of a collection that match what is ``given``, read as they are written."""
        listing = Listing(self.context, resource, given)
        found = every(listing, query.sort, query.include, query.fields)
        items = self.open.enter_context(closing(found))
        return replace(page_of(self.request, listing, query, {"items": items}), file=True)

    def total(self) -> int:
        """How many records there are."""
        return sum(total(Listing(self.context, resource, {})) for resource in self.resources)


@dataclass(frozen=True)
class Whole:
    """One form of the whole."""

    media_type: str
    write: Callable[[Everything, BinaryIO], object]
    """Writes it to a file, which has a name, can be sought in, and refuses to be too large."""
    told: bool = True
    """Whether `lang`, `names_by` and `basis` choose what it tells."""


def _zip(everything: Everything, file: BinaryIO) -> None:
    """Bundles, of which the same knowledge base can be seeded elsewhere."""
    try:
        whole.write(everything.context.session, file)
    except UntellableError as error:
        raise ExportFailed(str(error)) from error


def _turtle(everything: Everything, file: BinaryIO) -> None:
    file.write(triples.prologue(everything.context.public_url))
    for page in everything.pages(triples.TURTLE):
        file.writelines(triples.bodies(page))


def _nquads(everything: Everything, file: BinaryIO) -> None:
    for page in everything.pages(triples.NQUADS):
        file.writelines(triples.quads(page))


WHOLE: Mapping[str, Whole] = {
    "zip": Whole("application/zip", _zip, told=False),
    "ttl": Whole(triples.TURTLE.media_type, _turtle),
    "nq": Whole(triples.NQUADS.media_type, _nquads),
}
"""By the ending of `/v1/exports/all.{form}`."""
