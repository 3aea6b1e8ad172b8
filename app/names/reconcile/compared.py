"""The values of what candidates are compared by, as records have them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app import models as m
from app.models import Basis
from app.names.weighing import Days, facts
from app.query.context import Context
from app.query.many import is_one_of
from app.query.refs import RecordRef

Values = Mapping[str, Sequence[Any]]
"""By the ids of records."""


def compared_values(context: Context, ids: Sequence[str]) -> Mapping[str, Values]:
    """What some records have of each thing that candidates are compared by."""
    known = facts(context, ids, ())
    refs = {id: context.refs.to(RecordRef, id) for id in set().union(*known.countries.values())}
    context.refs.resolve()
    countries = {
        id: sorted((refs[one] for one in found), key=lambda ref: ref["slug"])
        for id, found in known.countries.items()
    }
    dates = {id: [_written(days)] for id, days in known.days.items()}
    return {"country": countries, "role": _roles(context, ids), "date": dates}


def _roles(context: Context, ids: Iterable[str]) -> Values:
    """The titles of offices, then the parts in meetings, each once."""
    office, part = m.ParticipantOffice, m.Participation
    offices = sa.select(col(office.participant_id), col(office.title)).where(
        is_one_of(office.participant_id, ids)
    )
    if context.source_only:
        offices = offices.where(col(office.basis) == Basis.source)
    parts = sa.select(col(part.participant_id), col(part.role)).distinct()
    parts = parts.where(is_one_of(part.participant_id, ids))
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for id, title in context.rows(offices.order_by(office.participant_id, col(office.position))):
        found[id][title] = None
    for id, role in context.rows(parts.order_by(part.participant_id, col(part.role))):
        found[id][role] = None
    return {id: [*some] for id, some in found.items()}


def _written(days: Days) -> str:
    """A day, or from which to which, in EDTF."""
    first, last = (one.isoformat() if one else ".." for one in days)
    return first if first == last else f"{first}/{last}"
