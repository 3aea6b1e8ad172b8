"""The ids of records: the same on every installation, derived from collection and key."""

from functools import lru_cache
from uuid import UUID, uuid5

from app.models import ID_PREFIXES, Collection

NAMESPACE = UUID("5d0c8a4e-7c1f-5b0e-9a43-1f6f0e6c2b7d")
"""Never to change: every id that was ever given away hangs on it."""


@lru_cache(maxsize=1 << 16)
def record_id(collection: Collection, key: str) -> str:
    """The id of a record, such as `mtg_` and a UUID. No slug looks like it: slugs have no `_`."""
    return f"{ID_PREFIXES[collection]}_{uuid5(NAMESPACE, f'{collection}/{key}')}"


def target_id(target: str) -> str:
    """The id of the record that a bundle names as `collection/key`."""
    collection, _, key = target.partition("/")
    return record_id(Collection(collection), key)
