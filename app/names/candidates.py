"""For many names at once, the records that each may mean, and in what way."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.models import Basis, Collection, KeyKind, Named, NameKey
from app.names.finding import CERTAIN, Among, Hit, MatchKind, begun, mistyped
from app.names.keys import Asked
from app.names.looking import WHOLE
from app.names.titles import untitled
from app.query.context import Context
from app.query.many import is_one_of
from app.query.resolve import ids_of
from app.resources.common import COUNTRIES

ALIKE = 200
"""So many records of one collection that have one key are weighed, those that are known best."""
_BATCH = 5000
_KINDS = (*WHOLE, KeyKind.code, KeyKind.sound)


def candidates(
    context: Context, asked: Sequence[tuple[Asked, Sequence[str]]], limit: int
) -> list[list[Hit]]:
    """What each name may mean, within the collections beside it; all where there are none.

    Names that begin so or have a mistake are looked for where no name is the same or sounds so.
    """
    # In a column of a table the same name stands many times.
    each = {(one.text, *wanted): (one, wanted) for one, wanted in asked}
    bare = {one.text: _bare(one) for one, _ in each.values()}
    whole = _whole(context, [*(one for one, _ in each.values()), *bare.values()])
    found = {
        key: _within(whole, one, wanted)
        or _titled(_within(whole, bare[one.text], wanted))
        or _less_sure(Among(context, wanted), one, limit)
        for key, (one, wanted) in each.items()
    }
    return [found[one.text, *wanted] for one, wanted in asked]


def countries_of(context: Context, written: Sequence[str]) -> dict[str, str]:
    """The ids of the countries that are written so: by id, slug or code, else by name alone."""
    found = ids_of(context.session, COUNTRIES, written)
    unknown = [one for one in dict.fromkeys(written) if one not in found]
    asked = [(Asked(one), [Collection.countries]) for one in unknown]
    for one, hits in zip(unknown, _certain(context, asked), strict=True):
        if len(hits) == 1:
            found[one] = hits[0].record_id
    return found


def _certain(context: Context, asked: Sequence[tuple[Asked, Sequence[str]]]) -> list[list[Hit]]:
    whole = _whole(context, [one for one, _ in asked])
    hits = [_within(whole, one, wanted) for one, wanted in asked]
    return [[hit for hit in some if hit.kind in CERTAIN] for some in hits]


def _bare(asked: Asked) -> Asked:
    text = untitled(asked.text)
    return asked if text == asked.text else Asked(text)


def _titled(hits: Iterable[Hit]) -> list[Hit]:
    """The records that are called so, but for titles."""
    return [hit._replace(kind=MatchKind.titled) for hit in hits if hit.kind in CERTAIN]


def _less_sure(among: Among, asked: Asked, limit: int) -> list[Hit]:
    found = begun(among, asked, limit)
    known = {hit.record_id for hit in found}
    return [*(one for one in mistyped(among, asked, limit) if one.record_id not in known), *found]


def _within(whole: Mapping[str, Sequence[Any]], asked: Asked, wanted: Sequence[str]) -> list[Hit]:
    """The surest hit of each record that has one of the keys of a name."""
    best: dict[str, Hit] = {}
    for key in (asked.written, *asked.latin, *asked.sounds):
        for row in whole.get(key, ()):
            kind = _kind(row.kind, written=key == asked.written)
            if kind and (not wanted or row.collection in wanted):
                hit = Hit(row.record_id, kind, row.position)
                known = best.setdefault(row.record_id, hit)
                best[row.record_id] = min(known, hit, key=_sureness)
    return list(best.values())


def _sureness(hit: Hit) -> tuple[int, bool, int]:
    return _ORDER[hit.kind], hit.position is None, hit.position or 0


_ORDER = {kind: number for number, kind in enumerate(MatchKind)}


def _kind(kind: KeyKind, *, written: bool) -> MatchKind | None:
    """In what way a name with such a key is meant; not, where only readings are the same.

    Several names are read alike: one that is written as the asked one is read says but a sound.
    """
    if kind is KeyKind.sound:
        return MatchKind.sound
    if kind is KeyKind.spelling:
        return MatchKind.same_spelling if written else None
    return MatchKind.same_name if written else MatchKind.sound


def _whole(context: Context, asked: Iterable[Asked]) -> Mapping[str, Sequence[Any]]:
    """The whole names with any of the keys, by key."""
    keys = {key for one in asked for key in (one.written, *one.latin, *one.sounds)}
    found: dict[str, list[Any]] = defaultdict(list)
    for batch in _batches(sorted(keys)):
        for row in context.rows(_having(context, batch)):
            found[row.key].append(row)
    return found


def _having(context: Context, keys: Sequence[str]) -> Any:
    """The rows of some keys, of each the best known records of each collection."""
    order = (col(Named.standing), col(Named.sort_name), col(Named.record_id))
    of_one = (col(NameKey.key), col(NameKey.kind), col(Named.collection))
    rank = sa.func.row_number().over(partition_by=of_one, order_by=(*order, col(NameKey.basis)))
    columns = (NameKey.record_id, NameKey.key, NameKey.kind, NameKey.position, Named.collection)
    rows = sa.select(*map(col, columns), rank.label("rank"))
    rows = rows.join(Named, col(Named.record_id) == col(NameKey.record_id))
    rows = rows.where(is_one_of(NameKey.key, keys), col(NameKey.kind).in_(_KINDS))
    if context.source_only:
        rows = rows.where(col(NameKey.basis) == Basis.source)
    ranked = rows.subquery()
    return sa.select(ranked).where(ranked.c.rank <= ALIKE)


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]
