"""Tools by which language models ask the API: each reads, and none writes."""

from app.assistants import between, coverage, evidence, positions, records, timeline
from app.assistants.tool import Tool

TOOLS: tuple[Tool, ...] = (
    *records.TOOLS,
    *evidence.TOOLS,
    *positions.TOOLS,
    *coverage.TOOLS,
    *timeline.TOOLS,
    *between.TOOLS,
)
