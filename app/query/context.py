"""What one request asks for beside its filters: language, basis, whose names."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Instance, ReferenceField
from app.query.refs import Refs


@dataclass
class Context:
    """One request's session and manner of answering."""

    session: Session
    public_url: str
    language: str = "en"
    names_by: str | None = None
    """The id of the country whose own names are asked for."""
    source_only: bool = False
    """Whether reference knowledge is hidden (``basis=source``)."""
    refs: Refs = field(init=False)

    @property
    def secret(self) -> str:
        """What signs cursors, the same for every process on this database."""
        return self.session.exec(select(col(Instance.secret))).one()

    def __post_init__(self) -> None:
        self.refs = Refs(self.session, self.language, self.names_by, self.source_only)


def not_reference(owner: Any, *fields: Any) -> sa.ColumnElement[bool]:
    """True of records whose ``fields`` a source states."""
    unstated = select(col(ReferenceField.record_id)).where(
        col(ReferenceField.record_id) == owner, col(ReferenceField.field).in_(fields)
    )
    return sa.not_(unstated.exists())


def shown(owner: Any, column: Any, field: Any, *, source_only: bool) -> Any:
    """``column``, null where a request may not see what answers call ``field``."""
    if not source_only:
        return column
    # Most of what is looked at has nothing to hide, which costs no look at what is hidden.
    known = sa.and_(column.is_not(None), not_reference(owner, field))
    return sa.case((known, column), else_=None)
