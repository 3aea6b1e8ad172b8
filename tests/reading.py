"""Reading the API as a client does."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.testclient import TestClient

from app.query.resource import Resource
from app.resources import RESOURCES

PUBLIC_URL = "https://kb.example/base"
Json = dict[str, Any]


class World(dict[str, Mapping[str, Json]]):
    """Records by collection and id."""

    def __repr__(self) -> str:
        # Whatever reports a failure would otherwise print all of it.
        return f"<{sum(map(len, self.values()))} records>"


def read(client: TestClient, path: str, /, **parameters: Any) -> Json:
    """The answer of a request that succeeds."""
    response = client.get(path, params=parameters or None)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def read_url(client: TestClient, url: str) -> Json:
    """The answer at an address that the API itself named."""
    assert url.startswith(PUBLIC_URL + "/")
    return read(client, local(url))


def local(url: str) -> str:
    """An address that the API named, as the client under test reaches it."""
    parts = urlsplit(url)
    path = parts.path.removeprefix(urlsplit(PUBLIC_URL).path)
    return f"{path}?{parts.query}" if parts.query else path


def everything(client: TestClient, collection: str, /, **parameters: Any) -> list[Json]:
    """The records of all pages of a list, in order."""
    parameters = {"limit": 200, **parameters}
    found: list[Json] = []
    while True:
        page = read(client, f"/v1/{collection}", **parameters)
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        parameters["cursor"] = page["next_cursor"]


def ids(client: TestClient, collection: str, /, **parameters: Any) -> list[str]:
    """The ids of all pages of a list, in order."""
    return [one["id"] for one in everything(client, collection, fields="id", **parameters)]


def world_of(client: TestClient, **parameters: Any) -> World:
    """Every record of every collection, with all that can be included."""
    return World({each.name: records(client, each, **parameters) for each in RESOURCES})


def records(client: TestClient, resource: Resource, **parameters: Any) -> dict[str, Json]:
    """Every record of a collection by id, with all that can be included."""
    if resource.includes:
        parameters["include"] = ",".join(resource.includes)
    return {one["id"]: one for one in everything(client, resource.name, **parameters)}


def refused(client: TestClient, path: str, expected: int = 422, /, **parameters: Any) -> Json:
    """The problem with which a request is refused."""
    response = client.get(path, params=parameters or None)
    assert response.status_code == expected, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: Json = response.json()
    return problem
