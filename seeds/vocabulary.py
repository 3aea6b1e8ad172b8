"""The words of all documents: in how many each stands, and how each may be misspelt."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, delete, select

from app import models as m
from app.models import SEARCH_COLUMNS
from app.query.terms import ALL, is_word, spelling_keys
from seeds.rows import Values

_BATCH = 1000


def counted(documents: Iterable[Values]) -> Mapping[str, int]:
    """In how many of some documents each term stands."""
    counts: Counter[str] = Counter()
    number = 0
    for document in documents:
        number += 1
        for column in SEARCH_COLUMNS:
            counts.update(filter(is_word, document[column].split()))
    return {**counts, ALL: number}


def keep(session: Session, counts: Mapping[str, int]) -> None:
    """Bring the tables to these counts, touching nothing that stays as it is."""
    known = dict(session.exec(select(m.SearchWord.term, m.SearchWord.documents)).all())
    gone = [term for term in known if term not in counts]
    for start in range(0, len(gone), _BATCH):
        some = gone[start : start + _BATCH]
        session.exec(delete(m.SearchSpelling).where(col(m.SearchSpelling.term).in_(some)))
        session.exec(delete(m.SearchWord).where(col(m.SearchWord.term).in_(some)))
    new = sorted(term for term in counts if term not in known)
    _insert(session, m.SearchWord, [{"term": each, "documents": counts[each]} for each in new])
    _insert(session, m.SearchSpelling, list(_spellings(new)))
    changed = [term for term in known if counts.get(term, known[term]) != known[term]]
    if changed:
        change = sa.update(m.SearchWord).where(col(m.SearchWord.term) == sa.bindparam("of"))
        change = change.values(documents=sa.bindparam("to"))
        rows = [{"of": term, "to": counts[term]} for term in changed]
        session.connection().execute(change, rows)


def _spellings(terms: Sequence[str]) -> Iterator[Values]:
    for term in terms:
        for key in spelling_keys(term):
            yield {"key": key, "term": term}


def _insert(session: Session, table: type[SQLModel], rows: Sequence[Values]) -> None:
    if rows:
        session.connection().execute(sa.insert(table), rows)
