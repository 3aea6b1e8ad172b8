"""Every knob of the service: its environment variable, type, default and effect."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "COMMUNIQUE_"
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "json", "console"]


class Settings(BaseSettings):
    """The settings of one process, read from the environment.

    HOST, PORT, DATABASE_URL and PUBLIC_URL are spelt as hosting platforms spell them; every other
    variable begins with COMMUNIQUE_. An empty variable counts as absent.

    Raises:
        pydantic.ValidationError: when a value does not fit; `explain` puts it in words.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, populate_by_name=True, frozen=True, extra="forbid"
    )

    host: str = Field(
        default="127.0.0.1",
        validation_alias="HOST",
        description="The address to listen on; 0.0.0.0 for every interface.",
    )
    port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        validation_alias="PORT",
        description="The port to listen on; 0 takes any that is free.",
    )
    database_url: str = Field(
        default="sqlite:///data/communique.db",
        pattern=r"^(sqlite|postgresql)(\+[a-z0-9_]+)?://",
        validation_alias="DATABASE_URL",
        description="The database: `sqlite:///relative/path`, `sqlite:////absolute/path`, "
        "or `postgresql://user:password@host/name`.",
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/?#\s]+(/[^?#\s]*)?$",
        validation_alias="PUBLIC_URL",
        description="The address under which clients reach the service, from which links are "
        "built; the listening address unless set.",
    )
    log_level: LogLevel = Field(
        default="info",
        description="The least severe messages to log: debug, info (a line for each request), "
        "warning or error.",
    )
    log_format: LogFormat = Field(
        default="auto",
        description="Logs as lines of JSON, or as readable ones (console); auto is readable on a "
        "terminal.",
    )
    statement_seconds: float = Field(
        default=5,
        gt=0,
        le=3600,
        description="After how long a statement of the database is given up and answered with 503.",
    )
    pool_size: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="How many connections to the database are kept at most.",
    )
    threads: int = Field(
        default=8,
        ge=1,
        le=1000,
        description="How many requests are worked on at the same time; the others wait their turn.",
    )
    idle_seconds: int = Field(
        default=5,
        ge=1,
        le=3600,
        description="After how long a connection without a request, or with half of one, is "
        "closed. Behind a proxy that keeps connections open, set it above the proxy's own limit.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("*",),
        description="The origins whose pages may read the API from a browser, separated by "
        "commas; `*` for all.",
    )
    bundles: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(),
        description="The bundles to seed, separated by commas; those that come with the program "
        "unless set.",
    )
    exports_folder: Path | None = Field(
        default=None,
        description="The folder in which each process keeps exports, in one of its own; the "
        "system's temporary one unless set.",
    )
    exports_bytes: int = Field(
        default=1_000_000_000,
        ge=1,
        description="How many bytes of exports each process keeps; none is larger.",
    )
    exports_at_once: int = Field(
        default=2,
        ge=1,
        le=100,
        description="How many exports each process makes at the same time; further ones are "
        "answered with 429.",
    )
    exports_seconds: float = Field(
        default=300,
        gt=0,
        le=86400,
        description="After how long the making of an export is given up and answered with 503.",
    )
    grace_seconds: int = Field(
        default=8,
        ge=0,
        le=3600,
        description="How long requests in flight may take to finish once the service is told to "
        "stop.",
    )

    @field_validator("cors_origins", "bundles", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _fold(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @property
    def base_url(self) -> str:
        """The address that links begin with, without a trailing slash."""
        if self.public_url:
            return self.public_url.rstrip("/")
        # A wildcard is an address to listen on and none to open.
        host = "localhost" if self.host in {"0.0.0.0", "::", "*"} else self.host  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def variable(field: str) -> str:
    """The environment variable that sets a field of Settings."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field.upper()


def variables() -> list[str]:
    """Every environment variable that is read, in the order of Settings."""
    return [variable(field) for field in Settings.model_fields]


def misspellings(environment: Iterable[str]) -> list[str]:
    """Sentences on variables that look like ours and are none, each with the nearest name."""
    known = variables()
    found = []
    for name in sorted(set(environment) - set(known)):
        nearest = _nearest(name, known)
        if name.upper().startswith(PREFIX):
            hint = f" Did you mean {nearest}?" if nearest else f" Known: {', '.join(known)}."
            found.append(f"The environment variable {name} is not a setting and is ignored.{hint}")
        elif nearest:
            found.append(f"The environment variable {name} is ignored. Did you mean {nearest}?")
    return found


def _nearest(name: str, known: list[str]) -> str | None:
    """The setting that a name was probably meant for; unprefixed names must be close to one."""
    upper = name.upper()
    bare = upper.removeprefix(PREFIX)
    if bare in known:
        return bare
    if upper != bare:
        # The prefix, which all share, says nothing about which one was meant.
        bares = {name.removeprefix(PREFIX): name for name in known}
        close = [bares[one] for one in difflib.get_close_matches(bare, bares, n=1)]
    else:
        close = difflib.get_close_matches(upper, known, n=1, cutoff=0.85)
    # In a name of four letters two exchanged ones are a slip; another letter is another word.
    swapped = [k for k in known if len(k) == len(bare) and sorted(k) == sorted(bare)]
    return next(iter(close + swapped), None)


def explain(error: ValidationError) -> str:
    """What is wrong with the settings, one line for each variable, without the values."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        field = str(problem["loc"][0])
        name = variable(field) if field in Settings.model_fields else field
        lines.append(f"{name}: {_reason(name, problem['msg'])}")
    return "\n".join(lines)


def _reason(name: str, message: str) -> str:
    """A message for people where the validator's own one shows a regular expression."""
    return {
        "DATABASE_URL": "must begin with sqlite:/// or postgresql://",
        "PUBLIC_URL": "must be an http:// or https:// address without query or fragment",
    }.get(name, message)


def table() -> str:
    """The page of documentation about settings, in Markdown."""
    rows = [
        f"| `{variable(name)}` | {_kind(name)} | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join([_HEADING, *rows, ""])


_HEADING = """# Settings

Every setting is an environment variable with a default that runs. A variable that begins with
`COMMUNIQUE_` and is not listed here, or that is a near miss of a name that is, is warned about at
the start. This page is written by `make docs` from `app/settings.py`.

| variable | type | default | what it does |
|---|---|---|---|"""


def _kind(name: str) -> str:
    """The type of a setting in words."""
    field = Settings.model_fields[name]
    if get_origin(field.annotation) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(field.annotation))
    if field.annotation is float:
        return "number"
    return {int: "integer", tuple: "list"}.get(type(field.default), "string")


def _default(value: object) -> str:
    if isinstance(value, tuple):
        value = ",".join(str(part) for part in value)
    return f"`{value}`" if value not in (None, "") else "not set"


def from_environment() -> tuple[Settings, list[str]]:
    """The settings, and sentences on variables that are probably misspelt."""
    return Settings(), misspellings(os.environ)


if __name__ == "__main__":
    print(table(), end="")
