"""The routes of questions across records. What comes back is an ordinary APIRouter."""

from collections.abc import Iterable
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from app.models import Basis, Record
from app.query.answer import (
    answering,
    missing_among,
    respond_as,
    respond_table,
    table_form,
)
from app.query.context import Context
from app.query.forms import TABULAR, media_types
from app.query.forms.writer import Table
from app.query.resolve import ids_of
from app.query.strict import only
from app.questions.question import Asking, Question
from app.resources.common import COUNTRIES


def build_router(questions: Iterable[Question]) -> APIRouter:
    """The route of each of ``questions``."""
    router = APIRouter(tags=["questions"])
    for question in questions:
        router.add_api_route(
            question.path,
            _endpoint(question),
            name=question.name,
            summary=question.about.partition(".")[0],
            description=question.about,
            response_model=question.answer,
            responses={200: {"description": "The answer.", "content": _forms(question)}},
            dependencies=[Depends(only(question.parameters))],
        )
    return router


def _forms(question: Question) -> dict[str, Any]:
    """The forms of a question beside JSON, for the documentation."""
    return media_types({**TABULAR, **question.writers})


def _endpoint(question: Question) -> Any:
    """What answers a question, with the parameters of its path beside those of its query."""

    def endpoint(request: Request, query: Any, **written: str) -> Response:
        form = table_form(request, query, question.writers)
        with answering(request, query, COUNTRIES) as context:
            places = _places(context, question, written)
            asking = Asking.of(request, context, places)
            answer = question.ask(asking, query)
            if form in question.writers:
                return respond_as(request, context, question.writers[form], answer)
            table = Table.of(question.row, question.rows(asking, answer), query.dialect)
            return respond_table(request, context, form, answer, table)

    endpoint.__signature__ = _signature(question)  # type: ignore[attr-defined]
    return endpoint


def _signature(question: Question) -> Signature:
    """What FastAPI reads the parameters from."""
    query: Any = Annotated[question.parameters, Query()]
    kinds: dict[str, Any] = {"request": Request, "query": query}
    for name, among in question.places.items():
        about = f"One of the {among.collection}; id, slug or code."
        kinds[name] = Annotated[str, Path(description=about, max_length=200)]
    return Signature(
        [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in kinds.items()]
    )


def _places(context: Context, question: Question, written: dict[str, str]) -> dict[str, str]:
    """The ids of what the path names. Raises NotFound where there is nothing of the name."""
    found: dict[str, str] = {}
    for name, among in question.places.items():
        id = ids_of(context.session, among, [written[name]]).get(written[name])
        if id is None or not _seen(context, id):
            raise missing_among(context, among, name, written[name])
        found[name] = id
    return found


def _seen(context: Context, id: str) -> bool:
    """Whether a request may see a record: with ``basis=source`` not what no source tells."""
    record = context.session.get(Record, id)
    return record is not None and (record.basis is Basis.source or not context.source_only)
