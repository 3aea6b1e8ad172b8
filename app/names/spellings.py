"""How a name is folded so that its different spellings meet.

Pure functions, in the order of trust: two names are the same as they are written, in plain form,
in some spelling, or by sound alone.
"""

import re
from collections.abc import Iterator, Sequence

from app.names import hangul, kana, sounds
from app.query import han
from app.query.terms import fold, words

LENGTH = 200
"""How much of a name is compared, in characters."""
READ = 32
"""So many Chinese characters one after another are read; of more, reading takes long."""
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02bb\u02bc\u02bf]")
_BETWEEN = re.compile(r"[\s,\u00b7\u2027\u30fb\u3001]+")
_RUN = re.compile(f"(?P<han>[{han.HAN}]+)|(?P<hangul>[{hangul.HANGUL}]+)|(?P<kana>[{kana.KANA}]+)")


def plain(name: str) -> str:
    """A name without differences of case, width, accent, punctuation and Chinese character form.

    Its words stand apart by one blank, as they are written: `Cho Tae-yul` is `cho tae yul`.
    """
    return " ".join(words(_unquoted(name)))[:LENGTH].rstrip()


def joined(spelling: str) -> str:
    """A plain form without blanks: what is compared, for words are split and joined at will."""
    return spelling.replace(" ", "")


def spellings(name: str, language: str | None = None, *, person: bool = False) -> list[str]:
    """The plain forms of all spellings of a name, its own first, each once.

    Romanised, each syllable is a word. ``language`` says how Chinese characters are read: pinyin,
    but not in Japanese and Korean, for such readings follow from no table. The name of a
    ``person`` is spelt with its family name at either end.
    """
    parts = [part for part in _BETWEEN.split(fold(name[: 4 * LENGTH])) if part]
    ways = [parts, *_romanised(parts, language, person=person)]
    turned = [each for way in ways for each in (_turned(way) if person else [way])]
    found = [plain(name), *(plain(" ".join(each)) for each in turned)]
    return [one for one in dict.fromkeys(found) if one]


def sound(spelling: str) -> str | None:
    """The sound key of a plain form; None of what is not in Latin letters, or is too short.

    It is for names alone, and says that two of them may be one: `Tokto` sounds like `Dokdo`.
    """
    return sounds.sound(joined(spelling))


def sound_keys(name: str, language: str | None = None, *, person: bool = False) -> list[str]:
    """The sound keys of all spellings of a name, each once."""
    keys = (sound(one) for one in spellings(name, language, person=person))
    return list(dict.fromkeys(key for key in keys if key))


def _unquoted(name: str) -> str:
    """A folded name without apostrophes, which separate no words, in one form of characters."""
    folded = fold(name[: 4 * LENGTH])
    return han.unified(fold(_APOSTROPHES.sub("", folded)))


def _romanised(
    parts: Sequence[str], language: str | None, *, person: bool
) -> Iterator[Sequence[str]]:
    """The parts of a name in Latin letters, as they are written and as they are spoken."""
    read = language is None or language.partition("-")[0] == "zh"
    found = [run for part in parts for run in _RUN.finditer(part) if read or not run["han"]]
    if found:
        yield _latin(parts, read=read, person=person, spoken=False)
    if any(run["hangul"] for run in found):
        yield _latin(parts, read=read, person=person, spoken=True)


def _latin(parts: Sequence[str], *, read: bool, person: bool, spoken: bool) -> Sequence[str]:
    def latin(run: re.Match[str]) -> str:
        if run["kana"]:
            return kana.latin(run[0])
        if run["hangul"]:
            return hangul.spoken(run[0]) if spoken else " ".join(hangul.syllables(run[0]))
        if not read or len(run[0]) > READ:
            return run[0]
        return " ".join(han.syllables(run[0], person=person))

    found = [_RUN.sub(latin, part) for part in parts]
    # Chinese and Korean names are written without a blank between their parts.
    return found if len(found) > 1 else found[0].split(" ", 1)


def _turned(parts: Sequence[str]) -> Iterator[Sequence[str]]:
    """A person's name as it is, with its first part last, and with its last part first."""
    yield parts
    if 2 <= len(parts) <= 4:
        yield [*parts[1:], parts[0]]
        yield [parts[-1], *parts[:-1]]
