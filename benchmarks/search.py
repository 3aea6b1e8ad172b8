"""How long searches take, beside Datasette's search on the same file and the same index.

    make bench-search STATEMENTS=1000000

Both servers run on this computer, each asked in turn, one request at a time. Ours ranks what it
finds, marks it and counts it by collection; the peer lists it as it stands. The report is written
to benchmarks/search.md.
"""

import os
import platform
import sqlite3
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from benchmarks.generate import archive
from benchmarks.questions import HERE, OURS, PEER, ask, datasette, ours, spread

ROUNDS = 9
PEERS = "/{name}/search_document.json?_fts_table=fts_record&_fts_pk=id&_size=50&_search={q}"

# What is asked of us, and what Datasette is asked, which has words and nothing else in common.
SEARCHES: Sequence[tuple[str, str, str | None]] = (
    ("a rare word", "{rare}", "{rare}"),
    ("a common word", "treaty", "treaty"),
    ("two common words", "treaty visa", "treaty visa"),
    ("a rare and a common word", "{rare} treaty", "{rare} treaty"),
    ("a common pair of characters", "貿易", None),
    ("a name", "Meeting 77", None),
    ("a phrase of common words", '"treaty visa"', None),
    ("a beginning", "trea*", None),
    ("a beginning of two letters", "tr*", None),
    ("a common word without another", "treaty -visa", None),
    ("a common word by one speaker", "treaty speaker:person-3", None),
    ("a common word on one topic", "treaty topic:topic-1", None),
    ("a misspelt word, with what was meant", "traety", None),
)
SIMILAR = "/v1/statements/statement-77/similar"


def main() -> None:
    """Fill a database, ask both servers, write the report."""
    statements = int(os.environ.get("STATEMENTS", "100000"))
    path = archive(statements)
    rare = a_rare_word(path)
    with ours(path), datasette(path):
        rows = list(measured(path.stem, rare))
    report(statements, rows)


def a_rare_word(path: Path) -> str:
    """A word that about ten documents have."""
    query = "SELECT term FROM search_word WHERE documents >= 10 ORDER BY documents, term LIMIT 1"
    connection = sqlite3.connect(path)
    (word,) = connection.execute(query).fetchone()
    connection.close()
    return str(word)


def measured(name: str, rare: str) -> Iterator[tuple[str, list[float], list[float]]]:
    """What each search takes us, and the peer."""
    for label, mine, theirs in SEARCHES:
        path = f"/v1/search?q={quote(mine.format(rare=rare))}"
        peers = theirs and PEERS.format(name=name, q=quote(theirs.format(rare=rare)))
        yield label, *timed(path, peers)
    yield "statements like another one", *timed(SIMILAR, None)


def timed(path: str, peers: str | None) -> tuple[list[float], list[float]]:
    """The milliseconds of each round; each round asks another page size, for answers are kept."""
    mine: list[float] = []
    theirs: list[float] = []
    for number in range(ROUNDS):
        sign = "&" if "?" in path else "?"
        mine.append(ask(OURS, f"{path}{sign}limit={40 + number}"))
        if peers is not None:
            theirs.append(ask(PEER, peers))
    print(path, round(statistics.median(mine), 1), file=sys.stderr)
    return mine, theirs


def report(statements: int, rows: Sequence[tuple[str, list[float], list[float]]]) -> None:
    """Write what was measured."""
    how = (
        f"{statements:,} statements on SQLite {sqlite3.sqlite_version}, Python"
        f" {platform.python_version()}, {os.cpu_count()} cores with a load of"
        f" {os.getloadavg()[0]:.1f} at the end, one request at a time, {ROUNDS} rounds;"
        " milliseconds as least / median / most. Times over is what Datasette takes for the words"
        " alone, divided by what we take: it neither ranks nor marks nor counts by collection."
    )
    lines = [
        "# Searches, measured",
        "",
        how,
        "",
        "    make bench-search",
        "",
        "| search | ours | Datasette | times over |",
        "|---|---|---|---|",
    ]
    for label, mine, theirs in rows:
        ratio = f"{statistics.median(theirs) / statistics.median(mine):.2f}" if theirs else ""
        lines.append(f"| {label} | {spread(mine)} | {spread(theirs)} | {ratio} |")
    (HERE / "search.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
