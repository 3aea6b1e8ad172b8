"""Logs: JSON lines for programs or readable lines for people, on the standard error."""

import json
import logging
import sys
from typing import Any

import structlog
from pydantic_core import to_json
from structlog.processors import TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import Processor

from app.settings import Settings

_STAMP = TimeStamper(fmt="iso", utc=True)
_ALL: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    add_log_level,
    add_logger_name,
    ExtraAdder(),
    _STAMP,
]
# A line for each request must cost little: what the standard library would find out about the
# caller, and the chain above, take five times as long.
_REQUEST: list[Processor] = [structlog.processors.add_log_level, _STAMP]


class Output:
    """Where finished lines go; a reader that went away does not make requests fail."""

    def msg(self, line: str) -> None:
        try:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            pass

    info = msg


def silent() -> Any:
    """The log of requests before `configure`, and where it is not wanted."""
    nothing = structlog.make_filtering_bound_logger(logging.CRITICAL)
    return structlog.wrap_logger(Output(), wrapper_class=nothing).bind()


requests = silent()
"""Takes one `info` for each request."""


def configure(settings: Settings) -> None:
    """Send every log of this process to the standard error, in the form of ``settings``."""
    global requests  # noqa: PLW0603
    renderers = _renderers(settings)
    handler = logging.StreamHandler()
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=_ALL,
            processors=[ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    logging.captureWarnings(capture=True)
    # The server underneath reports its own comings and goings, which are of use to debug it.
    # So do those by which assistants ask, with the addresses that they ask.
    for name in ("uvicorn", "asyncio", "httpx2", "mcp"):
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
    requests = structlog.wrap_logger(
        Output(),
        processors=[*_REQUEST, renderers[-1]],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        context_class=dict,
        cache_logger_on_first_use=True,
    ).bind()


def _renderers(settings: Settings) -> list[Processor]:
    """What turns an event into a line."""
    readable = settings.log_format == "console" or (
        settings.log_format == "auto" and sys.stderr.isatty()
    )
    if readable:
        # The renderer that is chosen by itself would print the values of local variables.
        plain = structlog.dev.plain_traceback
        colours = sys.stderr.isatty()
        return [structlog.dev.ConsoleRenderer(colours, sort_keys=False, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(_json)]


def _json(event: Any, **_: Any) -> str:
    """One line of JSON in UTF-8; a lone surrogate, which UTF-8 does not have, is escaped."""
    try:
        return to_json(event, fallback=repr).decode()
    except ValueError:
        return json.dumps(event, default=repr)
