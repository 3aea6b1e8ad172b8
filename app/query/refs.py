"""References to records: collected while a page is read, resolved in one query at its end."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col

from app.models import Basis, Collection, Name, NameKind, Record, ReferenceField
from app.query.many import Ids, OneOf, columns_of, is_one_of

_RECORDS = sa.select(
    *map(col, (Record.id, Record.collection, Record.slug, Record.name, Record.label))
).where(OneOf(Record.id, sa.bindparam("ids", type_=Ids())))
"""Prepared once, for every answer asks it."""


class Ref(BaseModel):
    """A reference to a record."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    more: ClassVar[dict[str, Any]] = {}
    """Further columns that references of this kind carry, from a table whose key is ``id``."""

    id: str
    """Opaque and immutable."""
    slug: str
    """Readable, unique within its collection."""
    name: str | None
    """In the language asked for; null where no source gives one."""


class RecordRef(Ref):
    """A reference to a record of any collection."""

    collection: Collection


class Refs:
    """The references of one answer. Each id has one dictionary, filled by ``resolve``."""

    def __init__(
        self, session: Session, language: str, names_by: str | None, source_only: bool
    ) -> None:
        self.session = session
        self.language, self.names_by, self.source_only = language, names_by, source_only
        self._found: dict[tuple[type[Ref], str], dict[str, Any]] = {}
        self._afterwards: list[Callable[[], None]] = []
        self._used: dict[tuple[str, str], str] = {}
        self._labels: dict[str, str] = {}
        self.unstated: set[str] = set()
        """The records whose name, as it is shown, is reference knowledge."""

    def to(self, kind: type[Ref], id: str) -> dict[str, Any]:
        """The reference to ``id``, empty until it is resolved."""
        return self._found.setdefault((kind, id), {})

    def get(self, kind: type[Ref], id: str | None) -> dict[str, Any] | None:
        """The same where there may be no reference."""
        return None if id is None else self.to(kind, id)

    def afterwards(self, do: Callable[[], None]) -> None:
        """Call ``do`` once every reference is resolved."""
        self._afterwards.append(do)

    def name_used(self, record: str, country: str) -> str | None:
        """The name that ``country`` uses for ``record``; both among the references."""
        return self._used.get((record, country))

    def label(self, id: str) -> str:
        """What is referred to, in our words; once references are resolved."""
        return self._labels[id]

    def forget(self) -> None:
        """Let go of what was found, where it is not asked for again."""
        self._labels, self._used = {}, {}

    def resolve(self) -> None:
        """Fill every reference so far; those that come later wait for the next call."""
        if not self._found:
            return
        by_kind: dict[type[Ref], list[str]] = defaultdict(list)
        for kind, id in self._found:
            by_kind[kind].append(id)
        ids = {id for _, id in self._found}
        records = self._records(ids)
        hidden = self._hidden(ids) if self.source_only else set()
        names = self._names(ids)
        for (kind, id), ref in self._found.items():
            record = records[id]
            stated = None if (id, "name") in hidden else record.name
            self._labels[id] = record.label
            ref.update(id=id, slug=record.slug, name=names.get(id, stated))
            if kind is RecordRef:
                ref["collection"] = record.collection
        for kind, some in by_kind.items():
            self._fill(kind, some, hidden)
        for do in self._afterwards:
            do()
        self._found, self._afterwards = {}, []

    def _records(self, ids: Iterable[str]) -> dict[str, Any]:
        rows = self.session.connection().execute(_RECORDS, {"ids": [*ids]}).all()
        return {row.id: row for row in rows}

    def _hidden(self, ids: Iterable[str]) -> set[tuple[str, str]]:
        query = sa.select(col(ReferenceField.record_id), col(ReferenceField.field))
        query = query.where(is_one_of(ReferenceField.record_id, ids))
        return {(id, field) for id, field in columns_of(self.session, query)}

    def _names(self, ids: Iterable[str]) -> dict[str, str]:
        """The names that stand in for the neutral English one."""
        languages = ("en", self.language)
        columns = (Name.record_id, Name.language, Name.kind, Name.used_by_id, Name.text, Name.basis)
        query = sa.select(*map(col, columns)).where(
            is_one_of(Name.record_id, ids),
            col(Name.language).in_(languages),
            col(Name.kind).in_((NameKind.main, NameKind.usage)),
        )
        if self.source_only:
            query = query.where(col(Name.basis) == Basis.source)
        # English first, so that the language asked for overrides it.
        query = query.order_by(col(Name.language) != "en", col(Name.position))
        return self._chosen(columns_of(self.session, query))

    def _chosen(self, rows: Iterable[Any]) -> dict[str, str]:
        shown: dict[str, Any] = {}
        used: dict[str, Any] = {}
        for row in rows:
            if row.kind is NameKind.usage and row.used_by_id:
                self._used[row.record_id, row.used_by_id] = row.text
                if row.used_by_id == self.names_by:
                    used[row.record_id] = row
            elif row.language == self.language and self.language != "en":
                shown.setdefault(row.record_id, row)
        shown |= used
        self.unstated = {id for id, row in shown.items() if row.basis is Basis.reference}
        return {id: row.text for id, row in shown.items()}

    def _fill(self, kind: type[Ref], ids: list[str], hidden: set[tuple[str, str]]) -> None:
        if not kind.more:
            return
        key = next(iter(kind.more.values())).class_.id
        columns = [column.label(name) for name, column in kind.more.items()]
        query = sa.select(key, *columns).where(is_one_of(key, ids))
        for row in columns_of(self.session, query):
            for name in kind.more:
                shown = None if (row.id, name) in hidden else getattr(row, name)
                self._found[kind, row.id][name] = shown
