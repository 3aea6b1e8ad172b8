"""The names of a record, as one bundle after another adds to them."""

from collections.abc import Sequence

from seeds.told import Content


def with_names(content: Content, more: Content) -> Sequence[Content]:
    """The names of a record when another bundle is heard, whose main name may be another."""
    main, other = content.get("name"), more.get("name")
    added = list(more.get("names", []))
    if main is not None and other not in (None, main):
        added.insert(0, {"text": other, "language": "en"})
    return named(content.get("names", []), added, main)


def named(names: Sequence[Content], more: Sequence[Content], main: str | None) -> Sequence[Content]:
    """Names and what is added to them: what would be a second main name becomes an alias."""
    taken = {_slot(one) for one in names} | ({_slot(_english(main))} if main else set())
    found = list(names)
    for each in more:
        free = _slot(each) is None or _slot(each) not in taken
        known = next((i for i, one in enumerate(names) if _same(one, each)), None)
        if known is None and not _same(each, _english(main)):
            found.append(each if free else _alias(each))
        elif known is not None and free and _slot(each) is not None:
            found[known] = each
    return found


def _english(name: str | None) -> Content:
    return {"text": name, "language": "en"}


def _slot(name: Content) -> tuple[str, str | None] | None:
    """What a record has one name as: the main one of a language, a party's own in a language."""
    only = name.get("kind", "main") in ("main", "usage")
    return (name["language"], name.get("used_by")) if only else None


def _same(one: Content, other: Content) -> bool:
    return all(one.get(part) == other.get(part) for part in ("text", "language", "used_by"))


def _alias(name: Content) -> Content:
    return {"text": name["text"], "language": name["language"], "kind": "alias"}
