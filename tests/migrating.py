"""What test processes of their own do to a database; they begin sooner where they import little."""

from multiprocessing.synchronize import Barrier
from pathlib import Path

from app import migrate as migrations


def migrate_at(barrier: Barrier, url: str) -> None:
    """Migrate once all others are about to."""
    barrier.wait(60)
    migrations.migrate(url)


def migrate_from(folder: Path, url: str) -> None:
    """Migrate by the migrations in a folder."""
    migrations.FOLDER = folder
    migrations.migrate(url)
