"""Requests made from the OpenAPI document, as far as they go in the time: `make fuzz` goes further.

Schemathesis calls every operation with parameters that the document allows and with some that it
does not. Checked is that nothing is a fault of ours, that every answer has a documented status,
media type and shape, that what the document forbids is refused, and that other methods are.

Two of its checks do not fit here. `positive_data_acceptance` wants every request that fits the
document to succeed: a reference to no record, dates that cross, a sort key that stands twice, a
cursor that was never issued and a form that does not suit all fit it, and are refused. And where
`fields` leaves fields out, an answer cannot have all those that the document requires: its shape is
checked without that one condition.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from conftest import on_sqlite
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings
from oracle import by_value
from reading import World
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance, response_schema_conformance
from starlette.types import Receive, Scope, Send

from app.query.filters import Discrete
from app.resources import RESOURCES

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"
FURTHER = "FUZZ_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "15"))
"""How many requests are made of each operation at random."""
# Further also means some hundred requests for each operation that try every bound of every
# parameter by turns.
CONFIG = SchemathesisConfig.from_dict(
    {
        "phases": {"coverage": {"enabled": FURTHER}},
        # An address that is too long is refused as such, whatever else is wrong with it.
        "checks": {"negative_data_rejection": {"expected-statuses": [400, 404, 406, 414, 422]}},
    }
)
# What the document says does not depend on the database.
BACKENDS = pytest.mark.usefixtures("databases") if FURTHER else on_sqlite

Existing = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="session")
def existing(world: World) -> Existing:
    """A value that some record has, for each filter of each collection."""
    return {
        resource.name: {
            name: min(by_value(world, resource, name), default="none")
            for name, one in resource.all_filters.items()
            if isinstance(one, Discrete)
        }
        for resource in RESOURCES
    }


class Serving:
    """Stands for the service under test, which there is only once tests run."""

    app: FastAPI | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app
        await self.app(scope, receive, send)


serving = Serving()
Case = schemathesis.Case[Any]
# As it is committed, which is what the code makes: `test_cli` holds that, and it takes seconds.
document = json.loads(DOCUMENT.read_text("utf-8"))
schema = schemathesis.openapi.from_dict(document, config=CONFIG)
schema.app = serving


@pytest.fixture
def served(app: FastAPI) -> Iterator[None]:
    serving.app = app
    yield
    serving.app = None


@schema.parametrize()
@pytest.mark.usefixtures("served")
@BACKENDS
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_documented(case: Case, existing: Existing) -> None:
    name_existing_records(case, existing)
    excluded: list[Any] = [positive_data_acceptance]
    if (case.query or {}).get("fields"):
        excluded.append(response_schema_conformance)
    case.call_and_validate(excluded_checks=excluded)


def name_existing_records(case: Case, existing: Existing) -> None:
    """Let what names a record by any text name one that there is, else all would be refused."""
    collection = case.path.split("/")[2] if case.path.startswith("/v1/") else ""
    known = existing.get(collection)
    if known and case.meta and case.meta.generation.mode is GenerationMode.POSITIVE:
        for name in case.query or {}:
            if name in known:
                case.query[name] = known[name]
        if case.path_parameters:
            case.path_parameters["id"] = known["id"]
