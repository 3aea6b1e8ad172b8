"""The MCP server: it lists the tools, reads what they are given, and lets no fault escape."""

import json
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

import mcp_types as types
from fastapi import FastAPI
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError

from app import TITLE, __version__
from app.assistants import TOOLS
from app.assistants.asking import Api, Refused, asking
from app.assistants.tool import Tool, explained, schema, taken
from app.errors import ApiError, nearest
from app.resources.guide import GUIDE

log = logging.getLogger("communique")

START = (
    "These tools only read. Start with `search`, or with `coverage` to see what there is. Take"
    " slugs from answers; countries also go by ISO code. Several values of an argument are"
    " separated by commas and mean any of them; `!` before one excludes it. A refusal says what"
    " would be allowed: mend the call and ask again."
)
SCHEME = "communique"
RECORD = re.compile(rf"{SCHEME}://([a-z]{{1,40}})/([^/?#]{{1,600}})")
JSON = "application/json"
READS = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
BY_NAME = {one.name: one for one in TOOLS}
Context = ServerRequestContext[Api]


def server(app: FastAPI) -> Server[Api]:
    """The MCP server that asks ``app``.

    It is built on the SDK's plain server: the one that makes tools of functions ignores arguments
    that it does not know, and repeats rejected ones.
    """

    @asynccontextmanager
    async def lifespan(_: Server[Api]) -> AsyncIterator[Api]:
        async with asking(app) as api:
            yield api

    return Server(
        "communique",
        title=TITLE,
        version=__version__,
        instructions=instructions(app.description),
        lifespan=lifespan,
        on_list_tools=_list_tools,
        on_call_tool=_call_tool,
        on_list_resources=_list_resources,
        on_list_resource_templates=_list_resource_templates,
        on_read_resource=_read_resource,
    )


def instructions(about: str) -> str:
    """What a model is told before it calls a tool; ``about`` says what is known at all."""
    guide = (f"{name}: {said}" for name, said in GUIDE.items())
    return "\n\n".join([about.partition("\n\n")[0], START, *guide])


async def _list_tools(_: Context, __: Any) -> types.ListToolsResult:
    return types.ListToolsResult(tools=[_described(one) for one in TOOLS])


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.about,
        input_schema=schema(tool.arguments),
        output_schema=schema(tool.answer),
        annotations=READS,
    )


async def _call_tool(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
    return await _told(context.lifespan_context, params.name, params.arguments or {})


async def _told(api: Api, name: str, given: Mapping[str, Any]) -> types.CallToolResult:
    """What a tool answers, or why it does not: a model mends what it is told."""
    try:
        return await _answer(api, name, given)
    except (Refused, ApiError) as error:
        return _failed(explained(error.detail, error.faults))
    except Exception as error:
        log.error("failed", exc_info=error)
        return _failed("Something failed here, and it is not your doing.")


async def _answer(api: Api, name: str, given: Mapping[str, Any]) -> types.CallToolResult:
    if name not in BY_NAME:
        meant = nearest(name, BY_NAME)
        hint = f" Did you mean `{meant}`?" if meant else ""
        return _failed(f"Refused. There is no such tool.{hint} Allowed: {', '.join(BY_NAME)}.")
    tool = BY_NAME[name]
    told = await tool.ask(api, taken(tool, given))
    content: list[types.ContentBlock] = [types.TextContent(type="text", text=told.text)]
    return types.CallToolResult(content=content, structured_content=told.content)


async def _list_resources(_: Context, __: Any) -> types.ListResourcesResult:
    # There are as many as there are records: they are found by tools.
    return types.ListResourcesResult(resources=[])


async def _list_resource_templates(_: Context, __: Any) -> types.ListResourceTemplatesResult:
    template = types.ResourceTemplate(
        name="record",
        title="A record",
        uri_template=f"{SCHEME}://{{collection}}/{{slug}}",
        description="One record with its evidence, by the collection and slug that tools tell.",
        mime_type=JSON,
    )
    return types.ListResourceTemplatesResult(resource_templates=[template])


async def _read_resource(
    context: Context, params: types.ReadResourceRequestParams
) -> types.ReadResourceResult:
    """A record. Raises MCPError where there is none at the address, or it cannot be read."""
    uri = str(params.uri)
    match = RECORD.fullmatch(uri)
    if not match:
        raise MCPError(types.INVALID_PARAMS, f"A record is at {SCHEME}://collection/slug.")
    given = {"collection": match[1], "slug": unquote(match[2])}
    answer = await _told(context.lifespan_context, "get", given)
    if answer.is_error:
        raise MCPError(types.INVALID_PARAMS, answer.content[0].text)  # type: ignore[union-attr]
    text = json.dumps(answer.structured_content, ensure_ascii=False)
    contents = types.TextResourceContents(uri=uri, mime_type=JSON, text=text)
    return types.ReadResourceResult(contents=[contents])


def _failed(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=True)
