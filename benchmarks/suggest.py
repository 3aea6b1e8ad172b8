"""How long suggestions take while a name is written, beside LIKE over the names in one file.

    make bench-suggest STATEMENTS=1000000

Our server runs on this computer and is asked one request at a time, on one connection. LIKE is
asked of SQLite directly, without a server. The report is written to benchmarks/suggest.md.
"""

import http.client
import os
import platform
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.db import analyze, write
from app.models import Basis, Collection, NameKind
from app.names.keys import Called, keys
from app.query.terms import fold
from benchmarks.generate import AT, fill, filled
from benchmarks.questions import OURS, ours
from seeds.ids import record_id

HERE = Path(__file__).resolve().parent
NAMES = 50_000
BASE = 20_000
"""So many statements have all that statements have; the rest are rows of their tables alone."""
ROUNDS = 200
LIMIT = 10
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ko", "ja")
FAMILIES, GIVEN = (
    row.split()
    for row in (
        """
Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Sato
Suzuki Takahashi Tanaka Ito Watanabe Yamamoto Nakamura Iwaya Kono
""",
        """
Tae-yul Min-jun Seo-yeon Ji-woo Hyun-woo Yi Wei Fang Na Xiuying Min Jing Li Qiang Lei Jun Takeshi
Haruto Yui Sota Hina Ren Aoi Taro Hanako Shigeru Yoko Kenji Yoshimasa Naoko
""",
    )
)
HAN = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗毅伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英"
HANGUL = "김이박최정강조윤장임태열민준서연지우현진수영희철호성은경아라"
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロ"
MORE = """
WITH RECURSIVE number (n) AS (SELECT ? UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ?)
INSERT INTO {table} SELECT {columns} FROM number
"""
LIKE = """
SELECT record.collection, record.id, record.slug, name.text FROM name
JOIN record ON record.id = name.record_id
WHERE name.text LIKE ? ORDER BY name.text LIMIT 10
"""


def main() -> None:
    """Fill a database, ask it, write the report."""
    total = int(os.environ.get("STATEMENTS", "100000"))
    path = filled(f"suggest-{total}", lambda engine: add(engine, total))
    with ours(path):
        rows = list(measured(path))
    report(total, rows)


def add(engine: sa.Engine, total: int) -> None:
    """Fill a database with names, and with so many statements."""
    fill(engine, min(BASE, total))
    add_names(engine)
    add_statements(engine, total)
    analyze(engine)


def add_names(engine: sa.Engine) -> None:
    """People with a name in each of some languages."""
    chance = random.Random(NAMES)  # noqa: S311
    rows: dict[str, list[dict[str, Any]]] = {}
    for at in range(NAMES // len(LANGUAGES)):
        for table, row in _person(chance, at):
            rows.setdefault(table, []).append(row)
    with write(engine) as session:
        for each in SQLModel.metadata.sorted_tables:
            if each.name in rows:
                session.connection().execute(sa.insert(each), rows[each.name])


def _person(chance: random.Random, at: int) -> Iterator[tuple[str, dict[str, Any]]]:
    id = record_id(Collection.participants, f"named-{at}")
    names = [_name(chance, language) for language in LANGUAGES]
    sort_name = fold(names[0])
    yield "record", {
        "id": id, "collection": "participants", "key": f"named-{at}", "slug": f"named-{at}",
        "name": names[0], "label": names[0], "sort_name": sort_name, "basis": "source",
        "sha256": "0" * 64, "created_at": AT, "updated_at": AT, "version": 1,
    }  # fmt: skip
    yield "participant", {"id": id, "kind": "person"}
    called = []
    for position, (language, text) in enumerate(zip(LANGUAGES, names, strict=True)):
        called.append(Called(text, language, Basis.source, position))
        yield "name", {
            "record_id": id, "position": position, "text": text, "language": language,
            "kind": NameKind.alias if position else NameKind.main, "basis": "source",
        }  # fmt: skip
    standing = -int(1000 * chance.random() ** 4)
    yield "named", {
        "record_id": id, "collection": "participants", "standing": standing,
        "sort_name": sort_name, "sha256": "0" * 64,
    }  # fmt: skip
    for key in keys(called, person=True, heard=True):
        yield "name_key", {"record_id": id, **key._asdict()}


def _name(chance: random.Random, language: str) -> str:
    if language == "en":
        return f"{chance.choice(FAMILIES)} {chance.choice(GIVEN)}{chance.choice(GIVEN).lower()}"
    letters = {"ko": HANGUL, "ja": KANA}.get(language, HAN)
    return "".join(chance.choices(letters, k=7 if language == "ja" else 3))


def add_statements(engine: sa.Engine, total: int) -> None:
    """Statements, and what every record has, to make up the number."""
    id, key = "printf('stm_more-%d', n)", "printf('more-%d', n)"
    values = {
        "record": {
            "id": id, "collection": "'statements'", "key": key, "slug": key, "label": key,
            "sort_name": key, "basis": "'source'", "sources": 1, "sha256": "''",
            "created_at": "'2026-01-01 00:00:00'", "updated_at": "'2026-01-01 00:00:00'",
            "version": 1,
        },
        "statement": {
            "id": id, "kind": "'direct'", "own_words": 1, "voice": "'official'", "text": key,
        },
    }  # fmt: skip
    with closing(sqlite3.connect(str(engine.url.database))) as connection, connection:
        for table, columns in values.items():
            statement = MORE.format(
                table=f"{table} ({', '.join(columns)})",
                columns=", ".join(map(str, columns.values())),
            )
            connection.execute(statement, (min(BASE, total), total))


def questions(path: Path) -> Mapping[str, Callable[[random.Random], tuple[str, str]]]:
    """What is asked: what somebody has written so far, and what else the address holds."""
    with sqlite3.connect(path) as connection:
        texts = {
            language: [
                row[0]
                for row in connection.execute(
                    "SELECT text FROM name WHERE language = ? LIMIT 5000", (language,)
                )
            ]
            for language in LANGUAGES
        }

    def first(language: str, letters: int | None) -> Callable[[random.Random], tuple[str, str]]:
        return lambda chance: (chance.choice(texts[language])[:letters], "")

    def mistaken(chance: random.Random) -> tuple[str, str]:
        text = chance.choice(texts["en"])
        at = chance.randrange(1, len(text) - 1)
        return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}", ""

    return {
        "one letter": first("en", 1),
        "two letters": first("en", 2),
        "three letters": first("en", 3),
        "six letters": first("en", 6),
        "a whole name": first("en", None),
        "one Chinese character": first("zh-Hant", 1),
        "a name in Chinese characters": first("zh-Hant", None),
        "one syllable in Hangul": first("ko", 1),
        "a name in Hangul": first("ko", None),
        "a name in Kana": first("ja", None),
        "a name with two letters swapped": mistaken,
        "one letter, of meetings": lambda chance: (chance.choice("mtn"), "&collection=meetings"),
        "nothing of the kind": lambda chance: (f"qx{chance.randrange(10**6)}", ""),
    }


def measured(path: Path) -> Iterator[tuple[str, list[float], list[float]]]:
    """What each takes us, and LIKE."""
    connection = http.client.HTTPConnection("127.0.0.1", OURS, timeout=60)
    peer = sqlite3.connect(path)
    yield "no name at all: /version", [asked(connection, "/version") for _ in range(ROUNDS)], []
    for label, question in questions(path).items():
        chance = random.Random(label)  # noqa: S311
        mine: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):
            text, more = question(chance)
            mine.append(asked(connection, f"/v1/suggest?limit={LIMIT}{more}&q={quote(text)}"))
            start = time.perf_counter()
            peer.execute(LIKE, (f"%{text}%",)).fetchall()
            theirs.append((time.perf_counter() - start) * 1000)
        print(label, spread(mine), spread(theirs), file=sys.stderr)
        yield label, mine, theirs


def asked(connection: http.client.HTTPConnection, path: str) -> float:
    """How many milliseconds an answer takes."""
    start = time.perf_counter()
    connection.request("GET", path)
    connection.getresponse().read()
    return (time.perf_counter() - start) * 1000


def report(total: int, rows: Sequence[tuple[str, list[float], list[float]]]) -> None:
    """Write what was measured."""
    how = (
        f"{NAMES:,} names of {NAMES // len(LANGUAGES):,} people in {len(LANGUAGES)} languages, and"
        f" {total:,} statements, on SQLite {sqlite3.sqlite_version}, Python"
        f" {platform.python_version()}, {os.cpu_count()} cores, one request at a time, {ROUNDS}"
        " rounds of different names; milliseconds as median / 95th of a hundred / most, of ours"
        " with HTTP and all. LIKE is asked of SQLite without a server, finds what holds the text as"
        " it is written, and knows neither other spellings nor mistakes. Times over is its median"
        " divided by ours."
    )
    lines = [
        "# Suggestions, measured", "", how, "", "    make bench-suggest STATEMENTS=1000000", "",
        "| written so far | ours | LIKE | times over |", "|---|---|---|---|",
    ]  # fmt: skip
    for label, mine, theirs in rows:
        ratio = f"{statistics.median(theirs) / statistics.median(mine):.2f}" if theirs else ""
        lines.append(f"| {label} | {spread(mine)} | {spread(theirs)} | {ratio} |")
    (HERE / "suggest.md").write_text("\n".join(lines) + "\n", "utf-8")


def spread(times: Sequence[float]) -> str:
    """Median, 95th of a hundred, most."""
    if not times:
        return ""
    late = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times):.1f} / {late:.1f} / {max(times):.1f}"


if __name__ == "__main__":
    main()
