"""An assistant that calls tools as one of today does, with the client of the SDK."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client.client import Client
from mcp_types import CallToolResult, ListResourceTemplatesResult, ReadResourceResult, Tool
from reading import Json


class Assistant:
    """A client of the tools, which checks each answer against the schema of its tool."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal, self._client = portal, client

    @property
    def instructions(self) -> str:
        """What it is told at the start."""
        return self._client.instructions or ""

    def tools(self) -> list[Tool]:
        """Every tool."""
        return self._portal.call(self._client.list_tools).tools

    def call(self, tool: str, given: Json) -> CallToolResult:
        """What a tool answers, or how it refuses."""
        result: CallToolResult = self._portal.call(self._client.call_tool, tool, given)
        return result

    def ask(self, tool: str, /, **given: Any) -> Json:
        """What a tool answers, for programs."""
        result = self.call(tool, given)
        assert not result.is_error, text_of(result)
        content: Json = result.structured_content
        return content

    def read(self, tool: str, /, **given: Any) -> str:
        """What a tool answers, for reading."""
        result = self.call(tool, given)
        assert not result.is_error, text_of(result)
        return text_of(result)

    def refused(self, tool: str, /, **given: Any) -> str:
        """How a tool refuses what it is given."""
        result = self.call(tool, given)
        assert result.is_error
        assert result.structured_content is None
        return text_of(result)

    def templates(self) -> ListResourceTemplatesResult:
        """The templates of resources."""
        return self._portal.call(self._client.list_resource_templates)

    def resource(self, uri: str) -> ReadResourceResult:
        """What stands at the address of a resource."""
        return self._portal.call(self._client.read_resource, uri)


def text_of(result: CallToolResult) -> str:
    """The one text of an answer."""
    [content] = result.content
    assert content.type == "text"
    return content.text


@contextmanager
def assistant(target: Any) -> Iterator[Assistant]:
    """An assistant connected to a server, an address or a transport, for as long as it lasts."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(target)) as client,
    ):
        yield Assistant(portal, client)
