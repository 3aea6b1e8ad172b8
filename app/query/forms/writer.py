"""What a form is: a small writer that says for which collections it is, and what it reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from app.query.shape import Item


class Dialect(StrEnum):
    """For whom a csv is written."""

    excel = "excel"


@dataclass(frozen=True)
class Table:
    """Records or rows, to be written in some form."""

    out: type[BaseModel]
    fields: Sequence[str]
    """Those of ``out`` that are told, in their order."""
    answer: Mapping[str, Any]
    """What the records stand in, under ``items``; they may be made while they are written."""
    dialect: Dialect | None = None
    counted: bool = False
    """Whether a last line tells how many there are."""

    @staticmethod
    def of(row: type[BaseModel], rows: Iterable[Item], dialect: Dialect | None) -> "Table":
        """A table of ``rows``, with all their fields."""
        return Table(row, tuple(row.model_fields), {"items": rows}, dialect)

    @property
    def items(self) -> Iterable[Item]:
        """The records."""
        items: Iterable[Item] = self.answer["items"]
        return items


@dataclass(frozen=True, kw_only=True)
class Page(Table):
    """Records of a collection."""

    collection: str
    public_url: str
    """With which every address begins."""
    url: str
    """Where these very records are."""
    language: str
    label: Callable[[str], str]
    """What we call a record that one of these refers to, by its id, while that one is written."""
    file: bool = False
    """Whether they are a file, whose address names its form, and no page of a list."""

    def address(self, item: Item) -> str:
        """Where one of the records is."""
        return f"{self.public_url}/v1/{self.collection}/{item['id']}"


Told_contra = TypeVar("Told_contra", contravariant=True)


@dataclass(frozen=True)
class Writer(Generic[Told_contra]):
    """One form."""

    media_type: str
    blocks: Callable[[Told_contra], Iterator[bytes]]
    """What is told, piece by piece, so that it need not be in memory as a whole."""
    ranges: bool = True
    """Whether a part of it may be asked for by its bytes."""
    suits: Callable[[type[BaseModel]], bool] = lambda _: True
    """Whether records of a shape can come in it."""
    needs: Sequence[str] = ()
    """The fields that it reads, whatever fields are asked for."""
    chosen: bool = True
    """Whether `fields` and `include` choose what it tells."""
    extra: str = ""
    """The extra with which what it needs is installed."""
    installed: Callable[[], bool] = lambda: True
    """Whether it is."""
    counts: bool = False
    """Whether it can have a last line that tells the number of records."""

    def write(self, told: Told_contra) -> bytes:
        """All of it."""
        return b"".join(self.blocks(told))


def bare(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0]


def has(*names: str) -> Callable[[type[BaseModel]], bool]:
    """Whether a shape has fields of these names."""
    return lambda out: {*names} <= {*out.model_fields}


def without(page: Page, *names: str) -> Page:
    """The page without some of its fields."""
    return replace(page, fields=[name for name in page.fields if name not in names])
