"""What the headers of a request ask for: a language, a form."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import NotAcceptable, fault
from app.query.forms.writer import Writer
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
) -> str:
    """The form to answer in: what ``parameter`` asks, else what ``Accept`` prefers, else the first.

    Raises:
        NotAcceptable: when what is asked for does not suit.
    """
    if asked is not None and asked in suiting:
        return asked
    if asked is None:
        for wanted in preferred(accept or "*/*"):
            for one, writer in suiting.items():
                if _admits(wanted, writer.media_type.partition(";")[0]):
                    return one
    detail = f"This comes as {', '.join(suiting)}."
    location, name = ("query", parameter) if asked else ("header", "Accept")
    unsuitable = fault("not_acceptable", name, detail, allowed=[*suiting], location=location)
    raise NotAcceptable(detail, [unsuitable])


def _admits(wanted: str, media_type: str) -> bool:
    """Whether a media range covers a media type."""
    return wanted in ("*", "*/*", media_type, f"{media_type.partition('/')[0]}/*")


def preferred(header: str) -> Iterator[str]:
    """The entries of an ``Accept`` header by weight, without those of weight 0."""
    weighed = [_weighed(part) for part in header.lower().split(",")[:50]]
    for weight, name in sorted(weighed, key=lambda pair: -pair[0]):
        if weight > 0 and name:
            yield name


def _weighed(part: str) -> tuple[float, str]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:]), name
            except ValueError:
                return 0.0, name
    return 1.0, name
