"""Numbers of search documents: by them alone the newest come first, and collections are counted.

A number holds, from its highest bits to its lowest: the day, the collection, whether the record
is reference knowledge, and 32 bits made of the record's id. A full-text index that lists numbers
in their order so lists the newest, and nothing has to be read to know what they are.
"""

import hashlib
from collections.abc import Container, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.models import Basis, Collection

_OWN = 32
_BASIS = _OWN
_COLLECTION = _OWN + 1
_DAY = _COLLECTION + 5
# The order of these is kept in numbers: a new collection is added at the end.
_PLACES = {collection: place for place, collection in enumerate(Collection)}


def number(day: date | None, collection: Collection, basis: Basis, id: str) -> int:
    """The number of a record's document, unless another one has it; undated ones are oldest."""
    own = int.from_bytes(hashlib.sha256(id.encode()).digest()[:4])
    when = day.toordinal() if day else 0
    return when << _DAY | _shape(collection, basis) | own


def free(wanted: int, taken: Container[int]) -> int:
    """The number that is ``wanted`` or, where it is ``taken``, the next one that is not."""
    high = wanted >> _OWN << _OWN
    while wanted in taken:
        wanted = high | (wanted + 1) % (1 << _OWN)
    return wanted


def collection_of(id: Any) -> Any:
    """The place of a number's collection among all of them, in Python and in SQL."""
    return _bits(id, _COLLECTION, 31)


def day_of(id: int) -> int:
    """The day of a number, as Python counts days; 0 where there is none."""
    return id >> _DAY


def collections() -> Sequence[Collection]:
    """The collections by their places."""
    return list(Collection)


def is_of(id: Any, wanted: Sequence[Collection]) -> sa.ColumnElement[bool]:
    """True of the numbers of some collections."""
    found: sa.ColumnElement[bool] = collection_of(id).in_([_PLACES[each] for each in wanted])
    return found


def is_source(id: Any) -> sa.ColumnElement[bool]:
    """True of the numbers of what sources state."""
    found: sa.ColumnElement[bool] = _bits(id, _BASIS, 1) == 0
    return found


def _shape(collection: Collection, basis: Basis) -> int:
    return _PLACES[collection] << _COLLECTION | (basis is Basis.reference) << _BASIS


def _bits(id: Any, shift: int, mask: int) -> Any:
    if isinstance(id, int):
        return id >> shift & mask
    # Written out, so that what is grouped by is to every database what is selected.
    return id.op(">>")(sa.literal_column(str(shift))).op("&")(sa.literal_column(str(mask)))
