"""Migrations: in step with the models, safe to run at once, and nothing lost on the way."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app import migrate as migrations
from app.db import UnusableDatabaseError, create_engine, read
from app.migrate import heads, is_current, migrate

TOY = """
import sqlalchemy as sa
from alembic import op

revision = "toy{number}"
down_revision = "{previous}"


def upgrade() -> None:
    {body}
"""
FAMILY = """
    op.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)")
    op.execute("CREATE TABLE child (parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)")
    op.execute("INSERT INTO parent VALUES (1, 'a')")
    op.execute("INSERT INTO child VALUES (1)")
"""
REBUILD = """
    with op.batch_alter_table("parent", recreate="always") as batch:
        batch.alter_column("name", type_=sa.String(5))
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/test.db"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, to which a test may add."""
    copy = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, copy)
    monkeypatch.setattr(migrations, "FOLDER", copy)
    return copy


def config(url: str) -> Config:
    found = Config(attributes={"url": url})
    found.set_main_option("script_location", str(migrations.FOLDER))
    found.set_main_option("path_separator", "os")
    return found


def add(folder: Path, *bodies: str) -> None:
    (previous,) = heads()
    start = len(list(folder.glob("versions/toy*")))
    for number, body in enumerate(bodies, start):
        text = TOY.format(number=number, previous=previous, body=body.strip())
        (folder / "versions" / f"toy{number}.py").write_text(text, encoding="utf-8")
        previous = f"toy{number}"


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(url, poolclass=sa.NullPool)
    with read(engine) as session:
        return [tuple(row) for row in session.execute(sa.text(statement))]


def test_the_models_and_the_migrations_agree(url: str) -> None:
    migrate(url)
    command.check(config(url))


def test_down_and_up_again(url: str) -> None:
    migrate(url)
    command.downgrade(config(url), "base")
    assert not is_current(url)
    assert migrate(url)
    command.check(config(url))


def test_the_newest_revision_is_found_without_alembic() -> None:
    assert heads() == set(ScriptDirectory(str(migrations.FOLDER)).get_heads())
    assert len(heads()) == 1


def test_the_second_time_there_is_nothing_to_do(url: str) -> None:
    assert not is_current(url)
    assert migrate(url)
    assert is_current(url)
    assert not migrate(url)


def test_a_new_database_has_one_instance_with_a_secret_of_its_own(url: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    secrets = set()
    for each in (url, other):
        migrate(each)
        ((identifier, revision, secret),) = rows(each, "SELECT id, revision, secret FROM instance")
        assert (identifier, revision, len(bytes.fromhex(str(secret)))) == (1, 0, 32)
        secrets.add(secret)
    assert len(secrets) == 2


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(url: str, folder: Path) -> None:
    add(folder, FAMILY)
    migrate(url)
    add(folder, REBUILD)
    migrate(url)
    assert rows(url, "SELECT parent FROM child") == [(1,)]


def test_a_migration_that_leaves_orphans_is_undone(url: str, folder: Path) -> None:
    add(folder, FAMILY)
    migrate(url)
    add(folder, 'op.execute("DELETE FROM parent")')
    with pytest.raises(RuntimeError, match="child"):
        migrate(url)
    assert rows(url, "SELECT name FROM parent") == [("a",)]
    assert not is_current(url)


def test_a_migration_that_fails_half_way_leaves_nothing(url: str, folder: Path) -> None:
    migrate(url)
    add(folder, FAMILY, 'op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(sa.exc.OperationalError, match="nowhere"):
        migrate(url)
    assert rows(url, "SELECT name FROM sqlite_master WHERE name IN ('parent', 'child')") == []


def test_a_database_of_a_newer_version_is_refused(
    url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = migrations.FOLDER.parent / "ours"
    shutil.copytree(folder, ours)
    add(folder, FAMILY)
    migrate(url)
    monkeypatch.setattr(migrations, "FOLDER", ours)
    with pytest.raises(UnusableDatabaseError, match="newer version"):
        migrate(url)
