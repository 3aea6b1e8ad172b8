"""The application: engine, errors, routers, in that order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app import TITLE, __version__, errors
from app.caching import Validators
from app.citations import router as citations
from app.db import create_engine
from app.edge import Edge
from app.exports.making import exports
from app.exports.router import build_router as build_exports
from app.exports.whole import WHOLE
from app.headers import Policy
from app.names import router as names
from app.names.reconcile import router as reconcile
from app.openapi import PROBLEMS, document
from app.query.router import build_router
from app.questions import QUESTIONS
from app.questions import router as questions
from app.readiness import Readiness
from app.resources import RESOURCES
from app.resources.common import COUNTRIES
from app.routes import dashboard, docs, forms, llms, meta, pivot, problems, vocabulary
from app.search import router as search
from app.settings import Settings

DESCRIPTION = """\
Who met, who said what about what, who kept silent, what is in dispute, what was proposed and by
whom; each answer tied to the passage it rests on.

A parameter that is unknown, repeated or misspelt is refused and never ignored. Every error has one
shape, `application/problem+json`, and says what would be allowed.
"""

TAGS = {one.name: one.about for one in RESOURCES} | {
    "exports": "All records of a collection as a file.",
    "names": "From names, however they are written, to records.",
    "questions": "What is asked across records.",
    "reconcile": "Spreadsheets are linked to records: the Reconciliation Service API 0.2.",
    "search": "All collections at once.",
    "service": "The service itself.",
}
"""The groups in which the documentation shows operations."""
POOL_SECONDS = 3
METHODS = {"/v1/match": ("POST",), "/v1/reconcile": ("GET", "HEAD", "POST")}
"""What the addresses take that take not just what reads."""
PATHS = [f"/v1/{one.name}" for one in RESOURCES] + ["/", *meta.OTHERS.values(), *METHODS]


def create_app(settings: Settings) -> FastAPI:
    """The service on the database that ``settings`` name, which must be migrated."""
    app = FastAPI(
        title=TITLE,
        version=__version__,
        summary="The knowledge base of diplomatic meetings.",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/", "description": "This server."}],
        openapi_tags=[{"name": name, "description": about} for name, about in TAGS.items()],
        generate_unique_id_function=operation_id,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        responses=PROBLEMS,
        lifespan=lifespan,
    )
    _keep(app, settings)
    rendering = errors.Rendering(settings.base_url)
    errors.install(app, rendering, PATHS, METHODS)
    app.add_middleware(Validators, engine=app.state.engine, public_url=settings.base_url)
    app.add_middleware(Edge, rendering=rendering, policy=Policy(settings), paths=frozenset(PATHS))
    _route(app)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


def _keep(app: FastAPI, settings: Settings) -> None:
    """Give the application what its routes ask of it."""
    app.state.engine = create_engine(
        settings.database_url,
        existing=True,
        statement_seconds=settings.statement_seconds,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
    )
    app.state.readiness = Readiness(settings.database_url, app.state.engine)
    app.state.settings = settings
    app.state.public_url = settings.base_url
    app.state.resources = RESOURCES
    app.state.questions = QUESTIONS
    app.state.wholes = {form: one.media_type for form, one in WHOLE.items()}


def _route(app: FastAPI) -> None:
    """Give the application its routes."""
    for resource in RESOURCES:
        app.include_router(build_router(resource, COUNTRIES))
    app.include_router(citations.build_router(RESOURCES))
    app.include_router(build_exports(RESOURCES, COUNTRIES))
    app.include_router(questions.build_router(QUESTIONS))
    app.include_router(names.router)
    app.include_router(reconcile.router)
    for module in (dashboard, pivot, search, meta, forms, vocabulary, llms, docs, problems):
        app.include_router(module.router)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Bound what is worked on at a time; let go of files and of the database at the end."""
    settings: Settings = app.state.settings
    # More threads than this wait for one another, and make the loop wait that answers /livez.
    to_thread.current_default_thread_limiter().total_tokens = settings.threads
    async with exports(settings) as app.state.exports:
        yield
    app.state.engine.dispose()


def operation_id(route: APIRoute) -> str:
    """A short name such as `statements_list`."""
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name
