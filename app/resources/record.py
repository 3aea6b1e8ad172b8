"""The base of records that rest on evidence."""

from typing import Annotated

from pydantic import Field

from app.resources.common import Named
from app.resources.evidence import EvidenceOut, evidence_of_records
from app.resources.meanings import EVIDENCE


class RecordOut(Named):
    """A record with its evidence."""

    evidence: Annotated[
        list[EvidenceOut], evidence_of_records(), Field(default_factory=list), EVIDENCE
    ]
    """The passages on which it rests; only with `include=evidence`."""
