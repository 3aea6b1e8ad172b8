"""What the headers of a request ask for: a language, a form."""

from collections.abc import Iterator, Mapping
from math import isnan
from types import MappingProxyType
from typing import Any

from app.errors import NotAcceptable, fault
from app.query.forms.writer import Writer, bare
from app.query.params import Language

SPOKEN = {
    "en": Language.en,
    "ja": Language.ja,
    "ko": Language.ko,
    "zh": Language.zh_hans,
    "zh-hans": Language.zh_hans,
    "zh-cn": Language.zh_hans,
    "zh-sg": Language.zh_hans,
    "zh-hant": Language.zh_hant,
    "zh-tw": Language.zh_hant,
    "zh-hk": Language.zh_hant,
    "zh-mo": Language.zh_hant,
}


def language(asked: str | None, header: str | None) -> str:
    """The language to answer in, as ``lang=`` or ``Accept-Language`` ask, else English."""
    if asked:
        return SPOKEN[asked.lower()].value
    for tag in preferred(header or ""):
        known = SPOKEN.get(tag) or SPOKEN.get(tag.rsplit("-", 1)[0]) or SPOKEN.get(tag[:2])
        if known and (len(tag) == 2 or tag[2] == "-"):
            return known.value
    return Language.en.value


def form(
    asked: str | None,
    accept: str | None,
    suiting: Mapping[str, Writer[Any]],
    parameter: str = "format",
    elsewhere: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The form to answer in: what ``parameter`` asks, else what ``Accept`` prefers, else the first.

    ``elsewhere`` has the addresses of other forms, by their names and media types.

    Raises:
        NotAcceptable: when what is asked for does not suit.
    """
    if asked is not None and asked in suiting:
        return asked
    if asked is None and (found := _preferred_form(accept or "*/*", suiting)):
        return found
    detail = f"This comes as {', '.join(suiting)}."
    for wanted in preferred(accept or "") if asked is None else [asked]:
        if wanted in elsewhere:
            detail += f" In that form it is an export: {elsewhere[wanted]}"
            break
    location, name = ("query", parameter) if asked else ("header", "Accept")
    unsuitable = fault("not_acceptable", name, detail, allowed=[*suiting], location=location)
    raise NotAcceptable(detail, [unsuitable])


def _preferred_form(accept: str, suiting: Mapping[str, Writer[Any]]) -> str | None:
    """The form of the most weight; of several the one whose range stands first."""
    ranges: dict[str, tuple[float, int]] = {}
    for position, (weight, name) in enumerate(_entries(accept)):
        ranges[name] = max(ranges.get(name, (0.0, 0)), (weight, -position))
    ranks = {one: _rank(bare(writer.media_type), ranges) for one, writer in suiting.items()}
    best = max(ranks, key=lambda one: ranks[one])
    return best if ranks[best][0] > 0 else None


def _rank(media_type: str, ranges: Mapping[str, tuple[float, int]]) -> tuple[float, int]:
    """The weight of a media type: that of the range which names it most exactly (RFC 9110)."""
    covering = (media_type, f"{media_type.partition('/')[0]}/*", "*/*", "*")
    return next((ranges[name] for name in covering if name in ranges), (0.0, 0))


def prefers_page(accept: str | None) -> bool:
    """Whether whoever asks is a browser, for a person, and would rather have a page than JSON."""
    return next(iter(preferred(accept or "")), "") == "text/html"


def preferred(header: str) -> Iterator[str]:
    """The entries of an ``Accept`` header by weight, without those of weight 0."""
    for weight, name in sorted(_entries(header), key=lambda pair: -pair[0]):
        if weight > 0 and name:
            yield name


def _entries(header: str) -> list[tuple[float, str]]:
    return [_weighed(part) for part in header.lower().split(",")[:50]]


def _weighed(part: str) -> tuple[float, str]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                weight = float(parameter[2:])
            except ValueError:
                return 0.0, name
            return (0.0 if isnan(weight) else weight), name
    return 1.0, name
