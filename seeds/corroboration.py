"""How well a record is attested: by how many sources, how directly, and where they differ."""

from collections.abc import Iterator, Mapping

from app import models as m
from app.models import Collection, StatementKind, Strength, Voice
from seeds import records as r
from seeds.check import references
from seeds.ids import record_id
from seeds.rows import Facts, Row, Whole
from seeds.told import Address, Content, Value


def sources(record: r.Record, facts: Facts) -> int:
    """How many independent sources carry a record: those of one publisher count as one."""
    return len({facts.publishers[item.source] for item in record.evidence})


def strength(whole: Whole) -> Strength | None:
    """The strongest way in which any source carries a record; None where no passage does."""
    cited = [each.content for each in whole.told if each.content.get("evidence")]
    found = {_strength(whole.record, content) for content in cited}
    return next((each for each in Strength if each in found), None)


def _strength(record: r.Record, content: Content) -> Strength:
    """How one bundle's sources carry a record; what the bundle leaves unsaid, others say."""
    if isinstance(record, r.Statement):
        kind = StatementKind(content.get("kind", record.kind))
        return _of_words(kind, own=content.get("own_words", record.own_words))
    voice = _voice(record, content)
    if voice is not Voice.official:
        return Strength.inference if voice is Voice.author else Strength.report
    quoted = any(item.get("quote") for item in content["evidence"])
    return Strength.fragment if quoted else Strength.paraphrase


def _of_words(kind: StatementKind, *, own: bool) -> Strength:
    """How words are given; quoted words about the speaker are a report."""
    if kind is StatementKind.paraphrase:
        return Strength.paraphrase
    if not own:
        return Strength.report
    return Strength.own_words if kind is StatementKind.direct else Strength.fragment


def _voice(record: r.Record, content: Content) -> Voice | None:
    """Who asserts; None of what nobody in particular does, such as that somebody exists."""
    name = "origin" if isinstance(record, r.Proposal) else "voice"
    voice = content.get(name, getattr(record, name, None))
    return None if voice is None else Voice(voice)


def contradictions(whole: Whole, wholes: Mapping[Address, Whole]) -> Iterator[Row]:
    """What sources say differently: a row for each source of each value, by field."""
    position = 0
    for name, sides in sorted(whole.contradictions.items()):
        for value, keys in sides:
            for key in keys:
                yield (
                    m.Contradiction,
                    {
                        "record_id": whole.id,
                        "position": position,
                        "field": name,
                        "value": _shown(name, value, wholes),
                        "source_id": record_id(Collection.sources, key),
                    },
                )
                position += 1


def _shown(name: str, value: Value, wholes: Mapping[Address, Whole]) -> Value:
    """A value as answers tell it: a record by its slug."""
    for _, collection, key in references({name.rpartition("/")[2]: value}):
        return wholes[Collection(collection), key].record.address()
    return value
