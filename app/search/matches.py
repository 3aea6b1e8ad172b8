"""The documents that a search finds, as SQL: the newest of them, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.errors import InvalidQuery
from app.models import Collection, Record, SearchDocument
from app.query.context import Context
from app.query.listing import Listing
from app.query.matching import Asked, Contains, columns, holding, numbers
from app.query.numbers import collection_of, collections, is_of, is_source
from app.query.sequences import needle
from app.query.terms import query_terms
from app.questions.narrowing import Narrowing
from app.resources import RESOURCES
from app.search.language import FILTERS, Phrase, Sought, terms_of

NEWEST = 2_000
"""How many of what matches, the newest, are compared with one another."""
READ = 20_000
"""How much of what a document says is compared, in characters."""


@dataclass(frozen=True)
class Matches:
    """The documents that hold what is sought, and nothing that is excluded."""

    context: Context
    sought: Sought
    collections: Sequence[str] = ()
    """Those that are asked for, or left out, as they were sent."""

    def holding(
        self,
        *,
        names: bool = False,
        whole: Sequence[str] | None = None,
        otherwise: Sequence[str] = (),
    ) -> Asked:
        """What the index is asked: that all of it, or names alone, hold every word.

        Or that names hold the one term ``whole``; or else any of some other terms.
        """
        only = self.context.source_only
        single = [terms_of([each]) for each in self.sought.excluded]
        return Asked(
            columns=columns(source_only=only, names_only=names or whole is not None),
            terms=self.sought.terms if whole is None else whole,
            prefixes=self.sought.prefixes if whole is None else (),
            otherwise=otherwise,
            without=[term for terms in single if len(terms) == 1 for term in terms],
            without_prefixes=self.sought.excluded_prefixes,
            looked_through=columns(source_only=only),
        )

    def any(self, asked: Asked) -> bool:
        """Whether anything matches, of whatever collection."""
        return bool(self.context.rows(self._matching(asked, read=False).limit(1)))

    def newest(self, asked: Asked | None) -> list[Any]:
        """The newest of what matches, with what they are compared by."""
        query = self._matching(asked, read=True)
        number = query.selected_columns[0]
        query = query.add_columns(
            col(SearchDocument.record_id),
            col(Record.sort_name),
            sa.func.substr(col(SearchDocument.source_words), 1, READ).label("source"),
            sa.func.substr(col(SearchDocument.reference_words), 1, READ).label("reference"),
        ).join(Record, col(Record.id) == col(SearchDocument.record_id))
        query = self._chosen(query).order_by(number.desc()).limit(NEWEST)
        return list(self.context.rows(query))

    def older(self, asked: Asked | None, than: int, but: Sequence[int], limit: int) -> list[Any]:
        """What matches and is older than a number, the newest first."""
        query = self._chosen(self._matching(asked, read=True))
        number = query.selected_columns[0]
        query = query.add_columns(col(SearchDocument.record_id)).where(number < than)
        if but:
            query = query.where(number.not_in(but))
        return list(self.context.rows(query.order_by(number.desc()).limit(limit)))

    def counts(self, asked: Asked | None) -> Mapping[str, int]:
        """How many match in each collection, whichever of them are asked for."""
        query = self._matching(asked, read=False)
        place = collection_of(query.selected_columns[0])
        query = query.with_only_columns(place, sa.func.count()).group_by(place)
        names = collections()
        return {names[place].value: count for place, count in self.context.rows(query)}

    def _matching(self, asked: Asked | None, *, read: bool) -> sa.Select[Any]:
        """The numbers of what matches, of whatever collection; ``read`` where more is wanted."""
        dialect = self.context.session.get_bind().dialect.name
        query: sa.Select[Any]
        if asked is None:
            query = sa.select(col(SearchDocument.id).label("number")).select_from(SearchDocument)
        else:
            source, number, holds = numbers(dialect, asked)
            query = sa.select(number.label("number")).select_from(source).where(holds)
            if source is not SearchDocument and (read or self._conditions):
                query = query.join(SearchDocument, col(SearchDocument.id) == number)
        query = query.where(*self._conditions)
        if self.context.source_only:
            query = query.where(is_source(query.selected_columns[0]))
        return query

    def _chosen(self, query: sa.Select[Any]) -> sa.Select[Any]:
        """Those of the collections that are asked for."""
        number = query.selected_columns[0]
        wanted = [Collection(name) for name in self.collections if not name.startswith("!")]
        unwanted = [Collection(name[1:]) for name in self.collections if name.startswith("!")]
        if wanted:
            query = query.where(is_of(number, wanted))
        return query.where(sa.not_(is_of(number, unwanted))) if unwanted else query

    @cached_property
    def _conditions(self) -> Sequence[sa.ColumnElement[bool]]:
        """What the index cannot tell: phrases, and filters."""
        found = [self._says(phrase) for phrase in self.sought.phrases if _is_long(phrase)]
        long = [phrase for phrase in self.sought.excluded if len(terms_of([phrase])) > 1]
        every = columns(source_only=self.context.source_only)
        for phrase in long:
            held = holding(Asked(every, terms_of([phrase])))
            found.append(sa.not_(sa.and_(held, self._says(phrase))))
        if not self.sought.positive:
            found += self._without()
        if self.sought.filters:
            found.append(self._filtered())
        return found

    def _without(self) -> Sequence[sa.ColumnElement[bool]]:
        """What is excluded, where nothing but filters is asked for."""
        asked = self.holding()
        some = [Asked(asked.looked_through, [term]) for term in asked.without]
        some += [Asked(asked.looked_through, [], [each]) for each in asked.without_prefixes]
        return [sa.not_(holding(each)) for each in some]

    def _says(self, phrase: Phrase) -> sa.ColumnElement[bool]:
        """True of documents in which the words stand one after another."""
        kept = [SearchDocument.source_words, SearchDocument.reference_words]
        looked = kept[:1] if self.context.source_only else kept
        return sa.or_(*(Contains(col(each), sa.literal(needle(phrase))) for each in looked))

    def _filtered(self) -> sa.ColumnElement[bool]:
        """True of what the filters keep, of the collections that have them all."""
        narrowing = Narrowing(RESOURCES, [name for name in FILTERS if name in self.sought.filters])
        given = self.sought.filters
        try:
            narrowing.check(self.context, given)
        except InvalidQuery as error:
            # The parameter that was sent, and that is to be mended, is the text.
            faults = [each.model_copy(update={"parameter": "q"}) for each in error.faults]
            raise InvalidQuery(error.detail, faults) from None
        kept = (
            (each, Listing(self.context, each, narrowing.asked(each, given)))
            for each in RESOURCES
            if not narrowing.lacks(each, given)
        )
        # By the collection first, which costs nothing: most records are of few of them.
        return sa.or_(
            *(
                sa.and_(
                    is_of(col(SearchDocument.id), [each.collection]),
                    col(SearchDocument.record_id).in_(listing.matching(listing.id)),
                )
                for each, listing in kept
            )
        )


def _is_long(phrase: Phrase) -> bool:
    """Whether a phrase says more than its terms do."""
    return len(phrase) > 1 or len(query_terms(phrase[0])) > 1
