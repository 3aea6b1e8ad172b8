"""The headers that every answer has, and what a browser asks before it lets a page read one."""

from starlette.types import Scope

from app.settings import Settings

Headers = list[tuple[bytes, bytes]]

STANDING: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    # Dashboards on other hosts may embed what they may read anyway.
    (b"cross-origin-resource-policy", b"cross-origin"),
]
HSTS = (b"strict-transport-security", b"max-age=31536000")
EXPOSED = (
    b"Accept-Ranges, Content-Disposition, Content-Language, Content-Range, ETag, Link, Location, "
    b"Retry-After, Total-Count, X-Request-ID"
)
PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, HEAD, POST"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]


class Policy:
    """Which headers an answer gets from here, according to the settings."""

    def __init__(self, settings: Settings) -> None:
        self.origins = frozenset(origin.encode() for origin in settings.cors_origins)
        self.standing = [*STANDING]
        if settings.base_url.startswith("https://"):
            self.standing.append(HSTS)
        if b"*" in self.origins:
            self.standing += _readable_from(b"*")

    def headers(self, sent: dict[bytes, bytes]) -> Headers:
        """What is added to the answer to a request with the headers ``sent``.

        Credentials are never allowed, and an origin that is not listed learns nothing.
        """
        if b"*" in self.origins:
            return self.standing
        varying = [*self.standing, (b"vary", b"Origin")]
        origin = sent.get(b"origin")
        return [*varying, *_readable_from(origin)] if origin in self.origins else varying


def _readable_from(origin: bytes | None) -> Headers:
    return [
        (b"access-control-allow-origin", origin or b""),
        (b"access-control-expose-headers", EXPOSED),
    ]


def is_preflight(scope: Scope, sent: dict[bytes, bytes]) -> bool:
    """Whether a browser asks what it may ask."""
    return (
        scope["method"] == "OPTIONS"
        and b"origin" in sent
        and b"access-control-request-method" in sent
    )
