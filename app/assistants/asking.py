"""Asks the API within this process, so that a tool has its filters, its bounds and its refusals."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI

from app.errors import Fault, Problem
from app.limits import QUERY_BYTES

Json = dict[str, Any]
ASKED_AT_ONCE = 100
"""How many records a batch takes."""


class Refused(Exception):
    """The API refused what it was asked, or could not answer it."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail, self.faults = detail, list(faults)


class Api:
    """The API, as tools ask it."""

    def __init__(self, client: httpx2.AsyncClient, public_url: str) -> None:
        self._client, self._public_url = client, public_url

    async def ask(self, path: str, given: Mapping[str, Any] | None = None) -> Json:
        """What it answers at an address. Raises Refused for all but an answer."""
        sent = {name: value for name, value in (given or {}).items() if value is not None}
        if len(str(httpx2.QueryParams(sent))) > QUERY_BYTES:
            raise Refused(f"All arguments together have at most {QUERY_BYTES} bytes.")
        response = await self._client.get(path, params=sent)
        if response.status_code != 200:
            problem = Problem.model_validate_json(response.content)
            raise Refused(problem.detail, problem.errors)
        answer: Json = response.json()
        return answer

    async def whole(self, ids: Sequence[str], given: Mapping[str, Any]) -> dict[str, Json]:
        """Records of whatever collections with their evidence, by id."""
        found: dict[str, Json] = {}
        once = list(dict.fromkeys(ids))
        for start in range(0, len(once), ASKED_AT_ONCE):
            asked = {**given, "ids": once[start : start + ASKED_AT_ONCE], "include": "evidence"}
            answer = await self.ask("/v1/batch", asked)
            if answer["missing"]:
                raise Refused("The knowledge base changed while it was read. Ask again.")
            found |= {item["record"]["id"]: item["record"] for item in answer["items"]}
        return found

    def address(self, collection: str, slug: str) -> str:
        """The public address of a record."""
        return f"{self._public_url}/v1/{collection}/{slug}"


@asynccontextmanager
async def asking(app: FastAPI) -> AsyncIterator[Api]:
    """A way to ask ``app`` for as long as the block lasts."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield Api(client, app.state.public_url)
