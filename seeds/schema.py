"""The bundle format as a JSON Schema; run as a program, it prints the one that docs/ holds."""

import json
import sys
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from seeds import records as r
from seeds.gather import Header

_FILLED_IN = {"sha256", "characters", "outline"}
"""What sealing adds to a source."""


class Passage(r.Part):
    """Evidence before it is sealed: the passage's own words, of which sealing makes a locator."""

    source: r.Key
    words: r.Quotation
    """The passage, exactly as the source prints it; within one sentence, and once in the text."""
    part: r.PartName | None = None
    quote: r.Quotation | None = None
    paragraph: Annotated[int, Field(ge=1)] | None = None
    """Where the words begin, if they occur more than once."""
    sentence: Annotated[int, Field(ge=1)] | None = None


def json_schema() -> dict[str, Any]:
    """What the files of a bundle may hold, before and after sealing.

    `#/$defs/Bundle` is bundle.yaml, `#/$defs/Records` a file of whole records, and
    `#/$defs/Supplements` one whose records need nothing but a key, since other bundles tell of
    them too.
    """
    whole = r.RECORDS.values()
    partial = [r.supplement(record) for record in whole]
    models: list[type[BaseModel]] = [Header, Passage, *whole, *partial]
    _, schema = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/$defs/{model}"
    )
    definitions = schema["$defs"]
    definitions["Bundle"] = definitions.pop("Header")
    for record in (*whole, *partial):
        _allow_unsealed(definitions[record.__name__])
    definitions["Records"] = _file("Files of whole records.", whole)
    definitions["Supplements"] = _file("Files of records that other bundles tell too.", partial)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Communiqué bundle",
        "description": "A file of a bundle: its description, or records by collection.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ("Bundle", "Records", "Supplements")],
        "$defs": dict(sorted(definitions.items())),
    }


def _allow_unsealed(record: dict[str, Any]) -> None:
    evidence = record["properties"]["evidence"]
    evidence["items"] = {"anyOf": [evidence["items"], {"$ref": "#/$defs/Passage"}]}
    record["required"] = [name for name in record["required"] if name not in _FILLED_IN]


def _file(description: str, records: Iterable[type[r.Record]]) -> dict[str, Any]:
    lists = {
        record.collection: {"type": "array", "items": {"$ref": f"#/$defs/{record.__name__}"}}
        for record in records
    }
    return {
        "type": "object",
        "description": description,
        "properties": {name.value: lists[name] for name in sorted(lists)},
        "additionalProperties": False,
    }


def text() -> str:
    """The schema as docs/bundle.schema.json holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
