"""Bringing a database up to the newest schema, once, however many processes ask for it."""

import re
from pathlib import Path

import sqlalchemy as sa

from app.db import UnusableDatabaseError, create_engine, file_of

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def migrate(url: str) -> bool:
    """Upgrade the database to the newest schema; tell whether there was anything to do.

    Raises:
        UnusableDatabaseError: when the schema is newer than this program knows.
    """
    if is_current(url):
        return False
    # Alembic takes a tenth of a second to import, and most starts do not need it.
    from alembic import command, config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    settings = config.Config(attributes={"url": url})
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("path_separator", "os")
    try:
        command.upgrade(settings, "head")
    except CommandError as error:
        raise UnusableDatabaseError(
            f"The database was not migrated: {error}. Was it made by a newer version?"
        ) from error
    return True


def is_current(url: str) -> bool:
    """Whether the database has the newest schema."""
    engine = create_engine(url, existing=True, poolclass=sa.NullPool)
    file = file_of(engine)
    if file and not file.exists():
        return False
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return False
        rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        return set(rows.scalars()) == heads()


def heads() -> set[str]:
    """The revisions that no other one follows, read from the files without importing them."""
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob("versions/*.py")]
    return _assigned("revision", texts) - _assigned("down_revision", texts)


def _assigned(name: str, texts: list[str]) -> set[str]:
    """The strings that migrations assign to one of their variables."""
    line = re.compile(rf"^{name}\b[^=]*=(.*)", re.MULTILINE)
    return {
        value
        for text in texts
        for found in line.findall(text)
        for value in re.findall(r'"(.+?)"', found)
    }
