"""What bundles tell, merged into whole records."""

from collections.abc import Collection as Container
from collections.abc import Iterable
from itertools import groupby

from pydantic import ValidationError

from seeds import records as r
from seeds.ids import record_id
from seeds.merge import Merged, merge
from seeds.problems import explain
from seeds.reader import Problem
from seeds.rows import Whole
from seeds.told import Address, Told


def complete(
    told: Iterable[Told], broken: Container[Address]
) -> tuple[dict[Address, Whole], list[Problem]]:
    """The whole records by address, without those that are broken, and what is wrong with them."""
    problems: list[Problem] = []
    wholes: dict[Address, Whole] = {}
    for address, group in groupby(sorted(told, key=_address), key=_address):
        merged = merge(list(group))
        if address not in broken and (whole := _whole(merged, problems)):
            wholes[address] = whole
    return wholes, problems


def _address(told: Told) -> Address:
    return told.collection, told.key


def _whole(merged: Merged, problems: list[Problem]) -> Whole | None:
    """The record, validated as a whole; what is wrong with it goes to the problems."""
    first = merged.told[0]
    problems += (first.problem(message, (name,)) for name, message in merged.problems)
    model = r.RECORDS[first.collection]
    try:
        record = model.model_validate({"key": first.key, **merged.content})
    except ValidationError as error:
        problems += (first.problem(message) for _, message in explain(error, model))
        return None
    whole = Whole(
        record,
        record_id(first.collection, first.key),
        merged.content,
        merged.told,
        merged.basis,
        frozenset(merged.reference_fields),
        merged.stated,
        merged.contradictions,
    )
    problems += (whole.problem(message) for message in record.rules())
    return whole
