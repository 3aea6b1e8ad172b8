"""How much of a request is read: its address, its headers, its body."""

from starlette.types import Scope

from app.errors import BodyTooLarge, HeadersTooLarge, TooLarge

URI_BYTES = 20_480
QUERY_BYTES = 16_384
HEADER_FIELDS = 100
HEADER_BYTES = 32_768
BODY_BYTES = 65_536


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
    if not length.isdigit() or int(length[:20]) > BODY_BYTES:
        raise BodyTooLarge(f"A body has at most {BODY_BYTES} bytes. This API needs none.")
