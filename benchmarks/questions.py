"""How long questions across records take, beside Datasette's facets on the same file.

    make bench-questions STATEMENTS=100000

Both servers run on this computer, each asked in turn, one request at a time. What is told are
medians in milliseconds and, where the peer answers something like it, how many times as long the
peer takes. The report is written to benchmarks/questions.md.
"""

import http.client
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.generate import archive

HERE = Path(__file__).resolve().parent
OURS, PEER = 8471, 8472
ROUNDS = 7
START_SECONDS = 60

# What is asked of us, and what of Datasette that comes nearest to it. Its facets know neither
# topics above a topic nor relations further than one table, and have neither zeros nor addresses.
QUESTIONS: Sequence[tuple[str, str, str | None]] = (
    (
        "statements by kind",
        "/v1/statements/pivot?by=kind",
        "/{name}/statement.json?_facet=kind&_size=1",
    ),
    (
        "statements by kind and year",
        "/v1/statements/pivot?by=kind,year",
        "/{name}/statement.json?_facet=kind&_facet_date=date_earliest&_size=1",
    ),
    (
        "statements by speaker",
        "/v1/statements/pivot?by=speaker&zeros=false",
        "/{name}/statement_speaker.json?_facet=participant_id&_size=1",
    ),
    (
        "statements by topic, with the topics above",
        "/v1/statements/pivot?by=topic",
        "/{name}/record_topic.json?_facet=topic_id&_size=1",
    ),
    ("statements by the speaker's country", "/v1/statements/pivot?by=country", None),
    (
        "statements of one year by topic and country",
        "/v1/statements/pivot?by=topic,country&year=2010&zeros=false",
        None,
    ),
    (
        "statements of one meeting by kind",
        "/v1/statements/pivot?by=kind&meeting=meeting-7",
        None,
    ),
    ("timeline of one country", "/v1/timeline?country=AAA&limit=25", None),
    ("positions at one meeting", "/v1/positions?meeting=meeting-7", None),
    ("positions of two countries on two topics",
     "/v1/positions?topic=topic-1,topic-2&country=AAA,BAB", None),
    ("one country", "/v1/countries/AAA/profile?limit=5", None),
    ("between two countries", "/v1/countries/AAA/with/BAB?limit=5", None),
    ("graph around one country", "/v1/graph?around=AAA&min_weight=200", None),
    ("overview of a series", "/v1/series/series-0/overview", None),
    ("coverage by collection", "/v1/coverage", None),
    ("coverage by topic", "/v1/coverage?by=topic", None),
)  # fmt: skip


def main() -> None:
    """Fill a database, ask both servers, write the report."""
    statements = int(os.environ.get("STATEMENTS", "100000"))
    path = archive(statements)
    with ours(path), datasette(path):
        rows = list(measured(path.stem))
    report(statements, rows)


@contextmanager
def ours(path: Path) -> Iterator[None]:
    """Our server on a file."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}", "PORT": str(OURS)}
    command = [str(Path(sys.executable).with_name("communique")), "serve"]
    with served(command, environment, OURS, "/livez"):
        yield


@contextmanager
def datasette(path: Path) -> Iterator[None]:
    """Datasette on the same file, not changed by it, with time enough for its facets."""
    program = HERE.parent / "build" / "peers" / "bin" / "datasette"
    settings = ("sql_time_limit_ms 60000", "facet_time_limit_ms 60000")
    options = [word for each in settings for word in ("--setting", *each.split())]
    command = [str(program), "serve", "-i", str(path), "--port", str(PEER), *options]
    with served(command, dict(os.environ), PEER, "/-/versions.json"):
        yield


@contextmanager
def served(
    command: Sequence[str], environment: dict[str, str], port: int, path: str
) -> Iterator[None]:
    """A server for as long as the block lasts."""
    process = subprocess.Popen(  # noqa: S603
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(START_SECONDS * 10):
            try:
                ask(port, path)
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield
    finally:
        process.terminate()
        process.wait(20)


def ask(port: int, path: str) -> float:
    """How many milliseconds an answer takes. Raises OSError where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start = time.perf_counter()
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise OSError(f"{response.status} for {path}")
    return (time.perf_counter() - start) * 1000


def measured(name: str) -> Iterator[tuple[str, list[float], list[float]]]:
    """What each question takes us, and the peer."""
    for label, path, other in QUESTIONS:
        mine: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):
            mine.append(ask(OURS, path))
            if other is not None:
                theirs.append(ask(PEER, other.format(name=name)))
        print(label, round(statistics.median(mine)), file=sys.stderr)
        yield label, mine, theirs


def report(statements: int, rows: Sequence[tuple[str, list[float], list[float]]]) -> None:
    """Write what was measured."""
    how = (
        f"{statements:,} statements on SQLite {sqlite3.sqlite_version}, Python"
        f" {platform.python_version()}, {os.cpu_count()} cores, one request at a time, {ROUNDS}"
        " rounds; milliseconds as least / median / most. Times over is what Datasette takes for the"
        " facet that comes nearest, divided by what we take: it has neither topics above a topic"
        " nor zeros nor addresses."
    )
    lines = [
        "# Questions across records, measured",
        "",
        how,
        "",
        "    make bench-questions",
        "",
        "| question | ours | Datasette | times over |",
        "|---|---|---|---|",
    ]
    for label, mine, theirs in rows:
        ratio = f"{statistics.median(theirs) / statistics.median(mine):.2f}" if theirs else ""
        lines.append(f"| {label} | {spread(mine)} | {spread(theirs)} | {ratio} |")
    (HERE / "questions.md").write_text("\n".join(lines) + "\n", "utf-8")


def spread(times: Sequence[float]) -> str:
    """Least, median and most."""
    if not times:
        return ""
    return f"{min(times):.0f} / {statistics.median(times):.0f} / {max(times):.0f}"


if __name__ == "__main__":
    main()
