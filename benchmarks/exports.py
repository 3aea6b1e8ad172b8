"""How fast exports are made and how much memory that takes, beside sqlite3 on the same file.

    make bench-exports STATEMENTS=100000

The server runs on this computer, with nothing else to do. Its extra memory is the highest that it
had while it made the file and sent it, less what it had before (VmHWM and VmRSS of Linux). The
peer, the command sqlite3, writes the columns of one table; an export of statements also holds
what they refer to and all that is within them. Without the command, Python's sqlite3 and json or
csv write the same instead. The report is written to benchmarks/exports.md.
"""

import csv
import http.client
import json
import os
import platform
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.generate import archive

HERE = Path(__file__).resolve().parent
PORT = 8473
START_SECONDS = 60
FORMS = ("ndjson", "csv", "parquet")
QUERY = "SELECT * FROM statement"
SERVE = [sys.executable, "-c", "from app.cli import main; main()", "serve"]


def main() -> None:
    """Make what is measured, measure, and write the report."""
    statements = int(os.environ.get("STATEMENTS", "100000"))
    path = Path(os.environ.get("FILE") or archive(statements))
    rows = [measured(path, form) for form in FORMS]
    table = [
        f"| {form} | {number:,} | {megabytes:.1f} | {seconds:.1f} | {number / seconds:,.0f} "
        f"| {extra:.1f} | {peer(path, form, number)} |"
        for form, number, megabytes, seconds, extra in rows
    ]
    report = "\n".join([HEADING, *table, "", closing(), ""])
    (HERE / "exports.md").write_text(report, encoding="utf-8")
    print(report)


def measured(path: Path, form: str) -> tuple[str, int, float, float, float]:
    """Records, megabytes, seconds and extra megabytes of memory of one export."""
    with server(path) as process:
        # What every request needs is loaded before.
        fetched(f"/v1/exports/topics.{form}")
        before = memory(process.pid, "VmRSS")
        began = time.perf_counter()
        number, size = fetched(f"/v1/exports/statements.{form}")
        seconds = time.perf_counter() - began
        extra = memory(process.pid, "VmHWM") - before
    return form, number, size / 1e6, seconds, extra


def fetched(path: str) -> tuple[int, int]:
    """How many records and bytes an export has."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=900)
    connection.request("GET", path)
    answer = connection.getresponse()
    size = 0
    while block := answer.read(1 << 20):
        size += len(block)
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}.")
    return int(answer.headers["Total-Count"]), size


def memory(pid: int, name: str) -> float:
    """A figure of a process's memory, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kilobytes) * 1024 / 1e6


@contextmanager
def server(path: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """The service on a file, for as long as the block lasts."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{path}",
        "PORT": str(PORT),
        "COMMUNIQUE_EXPORTS_SECONDS": "900",
        "COMMUNIQUE_LOG_LEVEL": "error",
    }
    process = subprocess.Popen(SERVE, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        _until_ready(process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _until_ready(process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            fetched("/v1/exports/topics.csv")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The service did not start.")


def peer(path: Path, form: str, number: int) -> str:
    """How many rows a second the peer writes of the table of statements."""
    flag = {"ndjson": "-json", "csv": "-csv"}.get(form)
    if flag is None:
        return ""
    command = shutil.which("sqlite3")
    began = time.perf_counter()
    with tempfile.TemporaryFile() as file:
        if command:
            subprocess.run([command, flag, str(path), QUERY], stdout=file, check=True)  # noqa: S603
        else:
            _by_python(path, form)
    return f"{number / (time.perf_counter() - began):,.0f}"


def _by_python(path: Path, form: str) -> None:
    """The same by Python's own libraries."""
    connection = sqlite3.connect(path)
    cursor = connection.execute(QUERY)
    names = [name for name, *_ in cursor.description]
    with tempfile.TemporaryFile("w", encoding="utf-8") as file:
        if form == "csv":
            csv.writer(file).writerows(cursor)
        else:
            file.writelines(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in cursor)
    connection.close()


def closing() -> str:
    """What the figures were taken with."""
    by = "the command sqlite3" if shutil.which("sqlite3") else "Python's sqlite3, json and csv"
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} processors with a load of {load:.1f} at the end. The peer is {by}."
    )


HEADING = """# Exports of statements

Written by `make bench-exports`. What is measured stands in `benchmarks/exports.py`. `peer` is how
many rows a second `sqlite3 -json` or `-csv` write of the table of statements alone.

| form | records | MB | seconds | records a second | extra memory, MB | peer |
|---|---|---|---|---|---|---|"""


if __name__ == "__main__":
    main()
