"""The `communique` command: each subcommand is a few lines over a function of the program."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError

from app.settings import Settings, explain, misspellings, variables

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from seeds.reader import Bundle

# Imports that take long stand inside the commands that need them: `--help` answers at once.

STATUSES = (
    "Exit status: 0 when done, 1 when something was found wrong or could not be done, "
    "2 when the command or a setting was not understood."
)

cli = typer.Typer(
    name="communique",
    help="Communiqué: a knowledge base of diplomatic meetings, served as a REST API.",
    epilog=STATUSES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Bundles = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Folders of bundles, or zips that `communique export` wrote; the bundles that come "
        "with the program unless given."
    ),
]


@cli.command(epilog=f"Read from the environment: {', '.join(variables())}. {STATUSES}")
def serve(
    migrate: Annotated[
        bool, typer.Option("--migrate", help="First bring the schema up to date.")
    ] = False,
    seed: Annotated[bool, typer.Option("--seed", help="First load the bundles.")] = False,
) -> None:
    """Answer HTTP requests until Ctrl-C or SIGTERM, and then finish those in flight."""
    from app import serve as server

    settings = _settings()
    with server.bind(settings.host, settings.port) as listener:
        if migrate:
            _migrate(settings)
        _require_schema(settings)
        if seed:
            _seed(settings, settings.bundles)
        server.serve(settings, listener)


@cli.command(epilog=STATUSES)
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; tell whether there is anything to do.")
    ] = False,
) -> None:
    """Bring the database's schema up to date; safe to repeat, and from two places at once."""
    settings = _settings()
    if check:
        _require_schema(settings)
    else:
        _migrate(settings)


@cli.command(epilog=STATUSES)
def seed(bundles: Bundles = None) -> None:
    """Load bundles: all of them or, when anything is wrong with one, none; safe to repeat."""
    settings = _settings()
    _require_schema(settings)
    _seed(settings, bundles or settings.bundles)


@cli.command(epilog=STATUSES)
def seal(
    bundle: Annotated[Path, typer.Argument(help="The folder of the bundle to seal.")],
    text: Annotated[
        list[str], typer.Option(metavar="SOURCE=FILE", help="A source's text; once for each.")
    ],
) -> None:
    """Turn the passages that a bundle quotes as evidence into places in their sources.

    Words that a source's rights do not allow to be kept are dropped; their digest remains.
    """
    from seeds.seal import seal

    with _refusals(), _progress("Sealing"):
        report = seal(bundle, _texts(text))
    typer.echo(report)


@cli.command(epilog=STATUSES)
def verify(
    text: Annotated[
        list[str], typer.Option(metavar="[SOURCE=]FILE", help="A source's text; once for each.")
    ],
    bundles: Bundles = None,
) -> None:
    """Check every place that bundles cite against a text: exact, moved, drifted or missing.

    SOURCE= may be left out where the bundles describe a single source.
    """
    from seeds.archive import opened
    from seeds.load import FOLDERS
    from seeds.reader import read_bundle
    from seeds.seal import read_texts
    from seeds.verify import verify_source

    with _refusals(), _progress("Verifying"):
        with opened(bundles or FOLDERS) as folders:
            read = [read_bundle(folder) for folder in folders]
        texts = read_texts(_texts(text, default=_only_source(read)))
        reports = [verify_source(read, source, content) for source, content in texts.items()]
    for report in reports:
        typer.echo(report)
    if not all(report.ok for report in reports):
        raise typer.Exit(1)


@cli.command(epilog=STATUSES)
def export(
    output: Annotated[
        Path, typer.Argument(metavar="PATH.zip", help="The file to write; one of old is replaced.")
    ],
) -> None:
    """Write the whole knowledge base as a zip of bundles, of which `seed` makes the same again."""
    from app.bundles.archive import UntellableError
    from app.bundles.whole import write
    from app.db import read

    settings = _settings()
    _require_schema(settings)
    with _engine(settings, existing=True) as engine, read(engine) as session:
        try:
            with _replacing(output) as file, _progress("Exporting"):
                manifest = write(session, file)
        except UntellableError as error:
            _fail(str(error))
    records, files = sum(manifest.records.values()), len(manifest.files)
    typer.echo(f"Export: {records} records in {files} files of bundles")


@cli.command(epilog=STATUSES)
def mcp(
    http: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT", help="Serve HTTP there, at /mcp, instead of this process's client."
        ),
    ] = None,
) -> None:
    """Let an assistant (a language model) ask the knowledge base, over MCP; it can only read.

    Speaks on the standard input and output unless told. Needs the extra `mcp`.
    """
    try:
        from app.assistants import transports
    except ModuleNotFoundError as error:
        _fail(f"{error.name} is missing, of the extra `mcp`: pip install 'communique[mcp]'")
    from app.serve import bind

    settings = _settings()
    if http is None:
        _require_schema(settings)
        transports.serve_stdio(settings)
        return
    try:
        host, port = transports.address(http)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--http") from None
    with bind(host, port, chosen_with="--http") as listener:
        _require_schema(settings)
        transports.serve_http(settings, host, listener)


@cli.command(epilog=STATUSES)
def openapi(
    output: Annotated[
        Path | None, typer.Option(help="Write to this file instead of the standard output.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="Write nothing; tell whether this file is up to date.")
    ] = None,
) -> None:
    """Write the OpenAPI document, as the server serves it with default settings."""
    import json

    from app.main import create_app

    document = create_app(Settings.model_construct()).openapi()
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if check:
        if not check.is_file() or check.read_text(encoding="utf-8") != text:
            _fail(f"{check} differs from the code. Run: make openapi")
    elif output:
        output.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)


def main() -> None:
    """Run the command; what a person can mend is told in a sentence and not in a traceback."""
    try:
        cli()
    except ValidationError as error:
        _fail(f"The settings do not fit:\n{explain(error)}", status=2)
    except OSError as error:
        _fail(str(error))


def _settings() -> Settings:
    """The settings; variables that are probably misspelt are warned about."""
    for sentence in misspellings(os.environ):
        typer.secho(f"Warning: {sentence}", err=True, fg="yellow")
    return Settings()


@contextmanager
def _engine(settings: Settings, *, existing: bool = False) -> "Iterator[Engine]":
    """The database, after a look at whether it is sound; one that must be ``existing`` is."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.db import UnusableDatabaseError, check, create_engine, file_of

    try:
        engine = create_engine(settings.database_url, existing=existing)
    except (SQLAlchemyError, ImportError, ValueError) as error:
        _fail(f"DATABASE_URL names no database that can be used: {_reason(error)}", status=2)
    try:
        file = file_of(engine)
        if existing and file and not file.exists():
            _fail(f"There is no database at {file}. Run: communique migrate")
        check(engine)
        yield engine
    except UnusableDatabaseError as error:
        _fail(str(error))
    except (SQLAlchemyError, ValueError) as error:
        _fail(f"The database that DATABASE_URL names cannot be used: {_reason(error)}")
    finally:
        engine.dispose()


def _reason(error: Exception) -> str:
    """What the database said, in one line and without the statement."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _migrate(settings: Settings) -> None:
    """Bring the schema up to date, and say so when there was something to do."""
    from app.migrate import migrate

    with _engine(settings), _progress("Migrating"):
        changed = migrate(settings.database_url)
    typer.echo("Schema: brought up to date" if changed else "Schema: up to date")


def _require_schema(settings: Settings) -> None:
    """Go no further with a database that is not up to date."""
    from app.migrate import is_current

    with _engine(settings, existing=True):
        if not is_current(settings.database_url):
            _fail("The database's schema is not up to date. Run: communique migrate")


def _seed(settings: Settings, bundles: Sequence[Path]) -> None:
    """Load bundles, and say what changed."""
    from seeds.load import seed

    with _engine(settings) as engine, _refusals(), _progress("Seeding"):
        report = seed(engine, bundles)
    typer.echo(f"Seed: {report}")


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of an old one once it is written in full."""
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("wb") as file:
            yield file
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _texts(options: list[str], default: str = "") -> dict[str, Path]:
    """The files of `SOURCE=FILE` options by source; one without a source is of the default one."""
    texts = {}
    for option in options:
        source, equals, file = option.rpartition("=")
        source = source if equals else default
        if not (source and file):
            raise typer.BadParameter(f"{option} must be SOURCE=FILE.", param_hint="--text")
        texts[source] = Path(file)
    return texts


def _only_source(bundles: "list[Bundle]") -> str:
    """The source that bundles describe where it is a single one; empty where it is not."""
    entries = [entry for bundle in bundles for entry in bundle.entries]
    keys = {str(entry.data["key"]) for entry in entries if entry.collection == "sources"}
    return keys.pop() if len(keys) == 1 else ""


@contextmanager
def _refusals() -> Iterator[None]:
    """List what is wrong with bundles, each with its file and line."""
    from seeds.reader import BundleError

    try:
        yield
    except BundleError as error:
        _fail(f"{error}\nNothing was changed. Problems found: {len(error.problems)}.")


@contextmanager
def _progress(doing: str) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


def _fail(message: str, status: int = 1) -> NoReturn:
    """Say what is wrong, and leave."""
    typer.secho(message, err=True, fg="red")
    raise SystemExit(status)
