"""The ids of records: the same on every installation, derived from collection and key."""

from functools import lru_cache
from uuid import UUID, uuid5

from app.models import Collection

NAMESPACE = UUID("5d0c8a4e-7c1f-5b0e-9a43-1f6f0e6c2b7d")
"""Never to change: every id that was ever given away hangs on it."""

PREFIXES = {
    Collection.meetings: "mtg",
    Collection.series: "ser",
    Collection.participants: "par",
    Collection.countries: "cty",
    Collection.statements: "stm",
    Collection.silences: "sil",
    Collection.disputes: "dsp",
    Collection.incidents: "inc",
    Collection.proposals: "prp",
    Collection.relations: "rel",
    Collection.assessments: "ast",
    Collection.topics: "top",
    Collection.sources: "src",
    Collection.evidence: "evd",
    Collection.places: "plc",
}


@lru_cache(maxsize=1 << 16)
def record_id(collection: Collection, key: str) -> str:
    """The id of a record, such as `mtg_` and a UUID. No slug looks like it: slugs have no `_`."""
    return f"{PREFIXES[collection]}_{uuid5(NAMESPACE, f'{collection}/{key}')}"


def target_id(target: str) -> str:
    """The id of the record that a bundle names as `collection/key`."""
    collection, _, key = target.partition("/")
    return record_id(Collection(collection), key)
