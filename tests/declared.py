"""Answers as the OpenAPI document declares them."""

from functools import cache

from jsonschema import Draft202012Validator
from reading import Json


class Schemas:
    """The OpenAPI document, by which answers are judged."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.of = cache(self._validator)

    def _validator(self, path: str) -> Draft202012Validator:
        """What the answer of a path must be like."""
        told = self.document["paths"][path]["get"]["responses"]["200"]["content"]
        return Draft202012Validator(
            {**told["application/json"]["schema"], "components": self.document["components"]}
        )

    def check(self, path: str, answer: Json) -> None:
        """Refuse an answer that is not as the document says."""
        faults = [
            f"{fault.json_path}: {fault.message}" for fault in self.of(path).iter_errors(answer)
        ]
        assert faults == []
