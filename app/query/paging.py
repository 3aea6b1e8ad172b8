"""Keyset paging: a cursor is the sort key of the last record served, signed."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from app.errors import BadCursor
from app.query.context import not_reference

SIGNATURE = 16


@dataclass(frozen=True)
class Key:
    """One part of a sort key. Unknown comes last in both directions."""

    expression: Any
    descending: bool
    nullable: bool
    type: type

    def order(self) -> Any:
        """The ORDER BY clause."""
        clause = self.expression.desc() if self.descending else self.expression.asc()
        return clause.nulls_last() if self.nullable else clause

    def beyond(self, value: Any) -> sa.ColumnElement[bool] | None:
        """True of records that come later by this key alone; None where none can."""
        if value is None:
            return None
        later = self.expression < value if self.descending else self.expression > value
        return sa.or_(later, self.expression.is_(None)) if self.nullable else later

    def at_least(self, value: Any) -> sa.ColumnElement[bool]:
        """True of records that do not come earlier: it adds nothing, and leads along an index."""
        if value is None or self.nullable:
            return self.expression.is_(None) if value is None else sa.true()
        later: sa.ColumnElement[bool] = self.expression >= value
        return self.expression <= value if self.descending else later

    def same(self, value: Any) -> sa.ColumnElement[bool]:
        """True of records that are equal by this key."""
        equal: sa.ColumnElement[bool] = self.expression == value
        return self.expression.is_(None) if value is None else equal


def keys(sorts: Mapping[str, Sequence[Any]], sort: str, id: Any, *, source_only: bool) -> list[Key]:
    """The sort key that ``sort`` names, made total by the id."""
    found: list[Key] = []
    for name in sort.split(","):
        columns = sorts[name.removeprefix("-")]
        found += [_key(column, name.startswith("-"), id, source_only) for column in columns]
    return [*found, _key(id, False, id, False)]


def _key(column: Any, descending: bool, id: Any, source_only: bool) -> Key:
    stored = column.property.columns[0]
    expression, nullable = column, bool(stored.nullable)
    if source_only and nullable:
        expression = sa.case((not_reference(id, column.key), column), else_=None)
    # A decorated type does not know what it holds; the one within does.
    plain = stored.type.impl_instance if isinstance(stored.type, TypeDecorator) else stored.type
    return Key(expression, descending, nullable, plain.python_type)


def after(sort_keys: Sequence[Key], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """True of records that come after the one whose sort key is ``values``."""
    later = sa.or_(sa.false(), *_steps(sort_keys, values))
    return sa.and_(sort_keys[0].at_least(values[0]), later)


def _steps(sort_keys: Sequence[Key], values: Sequence[Any]) -> Iterator[sa.ColumnElement[bool]]:
    same: list[sa.ColumnElement[bool]] = []
    for key, value in zip(sort_keys, values, strict=True):
        beyond = key.beyond(value)
        if beyond is not None:
            yield sa.and_(*same, beyond)
        same.append(key.same(value))


@dataclass(frozen=True)
class Cursors:
    """Writes and reads the cursors of one list."""

    secret: str
    query: str
    """What the list is of: collection, filters and sort, as one text."""

    def write(self, values: Sequence[Any]) -> str:
        """The cursor that stands after the record whose sort key is ``values``."""
        payload = json.dumps(list(values), default=_plain, ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(self._sign(payload) + payload).decode().rstrip("=")

    def read(self, cursor: str, sort_keys: Sequence[Key]) -> list[Any]:
        """The sort key in ``cursor``. Raises BadCursor where this list did not issue it."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _bad() from None
        signature, payload = raw[:SIGNATURE], raw[SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(payload)) or self._padded(cursor, raw):
            raise _bad()
        return [
            _typed(key, value) for key, value in zip(sort_keys, json.loads(payload), strict=True)
        ]

    def _padded(self, cursor: str, raw: bytes) -> bool:
        """Whether the cursor is another writing of the same bytes."""
        return base64.urlsafe_b64encode(raw).decode().rstrip("=") != cursor

    def _sign(self, payload: bytes) -> bytes:
        message = hashlib.sha256(self.query.encode()).digest() + payload
        return hmac.digest(self.secret.encode(), message, "sha256")[:SIGNATURE]


def _bad() -> BadCursor:
    detail = (
        "This cursor was not issued for this list. A cursor continues the same collection,"
        " filters and sort; start again without it."
    )
    return BadCursor.of(detail)


def _plain(value: Any) -> str:
    if not isinstance(value, date):
        raise TypeError(f"a sort key cannot hold a {type(value).__name__}")
    return value.isoformat()


def _typed(key: Key, value: Any) -> Any:
    if isinstance(value, str) and issubclass(key.type, date):
        return key.type.fromisoformat(value)
    return value
