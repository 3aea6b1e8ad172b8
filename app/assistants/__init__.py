"""Tools by which language models ask the API: each reads, and none writes."""

from app.assistants import between, counting, evidence, happening, records
from app.assistants.tool import Tool

TOOLS: tuple[Tool, ...] = (
    *records.TOOLS,
    *evidence.TOOLS,
    *counting.TOOLS,
    *happening.TOOLS,
    *between.TOOLS,
)
