"""How much of a request is read: its address, its headers, its body."""

from starlette.types import Message, Receive, Scope

from app.errors import BodyTooLarge, HeadersTooLarge, TooLarge

URI_BYTES = 20_480
QUERY_BYTES = 16_384
HEADER_FIELDS = 100
HEADER_BYTES = 32_768
BODY_BYTES = 65_536
POST_BYTES = 1_048_576
"""How long the body is of a request that is one; of others none is read."""


def check(scope: Scope, sent: dict[bytes, bytes]) -> None:
    """Refuse a request that is larger than any that has an answer."""
    if len(scope["query_string"]) > QUERY_BYTES:
        raise TooLarge(f"An address has at most {QUERY_BYTES} bytes of parameters.")
    if len(scope.get("raw_path") or b"") > URI_BYTES - QUERY_BYTES:
        raise TooLarge(f"A path has at most {URI_BYTES - QUERY_BYTES} bytes.")
    headers = scope["headers"]
    if len(headers) > HEADER_FIELDS:
        raise HeadersTooLarge(f"A request has at most {HEADER_FIELDS} headers.")
    if sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES:
        raise HeadersTooLarge(f"The headers have at most {HEADER_BYTES} bytes together.")
    length = sent.get(b"content-length", b"0")
    if scope["method"] == "POST":
        at_most, needed = POST_BYTES, ""
    else:
        at_most, needed = BODY_BYTES, " This address needs none."
    if not length.isdigit() or int(length[:20]) > at_most:
        raise BodyTooLarge(f"A body has at most {at_most} bytes.{needed}")


def counting(receive: Receive) -> Receive:
    """What receives a body, and refuses what comes after its most, told before or not."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > POST_BYTES:
            raise BodyTooLarge(f"A body has at most {POST_BYTES} bytes.")
        return message

    return counted
