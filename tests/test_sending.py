"""Sending an export: to a client that hangs up, and to one that takes its time."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from conftest import client_of, on_sqlite
from reading import PUBLIC_URL
from starlette.types import Message

from app.exports.sending import BLOCK, Sent
from app.main import create_app
from app.settings import Settings

SIZE = 3 * BLOCK + 17


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(SIZE))
    return path


def sent(
    path: Path,
    part: range | None,
    send: Callable[[Message], Awaitable[None]],
    gone: "Callable[[], Awaitable[None]]" = anyio.sleep_forever,
) -> Sent:
    """Send a file to somebody who hangs up after ``gone``."""

    async def receive() -> Message:
        await gone()
        return {"type": "http.disconnect"}

    answer = Sent(path.open("rb", buffering=0), part, {}, "text/plain")
    scope: dict[str, Any] = {"type": "http", "state": {"bodiless": False}}
    anyio.run(answer, scope, receive, send)
    return answer


def closed(answer: Sent) -> bool:
    return answer._file.closed


@pytest.mark.parametrize("part", [None, range(5, SIZE - 3), range(BLOCK, BLOCK + 1)])
def test_a_file_is_sent_in_blocks(path: Path, part: range | None) -> None:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    answer = sent(path, part, send)
    blocks = [message["body"] for message in messages[1:]]
    whole = path.read_bytes()
    assert b"".join(blocks) == (whole if part is None else whole[part.start : part.stop])
    assert max(map(len, blocks)) <= BLOCK
    assert messages[-1]["more_body"] is False
    assert (answer.status_code, closed(answer)) == (200 if part is None else 206, True)


def test_a_client_that_hangs_up_leaves_nothing_open(path: Path) -> None:
    messages: list[Message] = []
    full = anyio.Event()

    async def send(message: Message) -> None:
        messages.append(message)
        if len(messages) == 2:
            full.set()
            await anyio.sleep_forever()

    answer = sent(path, None, send, gone=full.wait)
    assert (len(messages), closed(answer)) == (2, True)


def test_a_file_that_goes_is_read_to_its_end(path: Path) -> None:
    whole, messages = path.read_bytes(), []

    async def send(message: Message) -> None:
        path.unlink(missing_ok=True)
        messages.append(message.get("body", b""))

    sent(path, None, send)
    assert b"".join(messages) == whole


@on_sqlite
def test_nothing_of_the_database_is_held_while_a_client_reads(seeded: str) -> None:
    app = create_app(Settings(database_url=seeded, public_url=PUBLIC_URL))
    held: list[int] = []

    async def watching(scope: Any, receive: Any, send: Any) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.body":
                held.append(app.state.engine.pool.checkedout())
            await send(message)

        await app(scope, receive, watched)

    with client_of(watching) as client:  # type: ignore[arg-type]
        assert client.get("/v1/exports/topics.csv").status_code == 200
    assert len(held) >= 2
    assert {*held} == {0}
