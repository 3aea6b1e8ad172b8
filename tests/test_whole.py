"""The whole knowledge base as bundles: another becomes the same of it, and tells the same again."""

import hashlib
import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from bundles import RECORDS, TEXT, bundle, echo, sealed
from conftest import Databases, client_of, disposing, on_sqlite, service
from reading import World, world_of
from schemas import config, query
from typer.testing import CliRunner

from app import db
from app.bundles import archive as archives
from app.bundles import whole
from app.bundles.archive import FOLDER, MANIFEST, Archive, Manifest, UntellableError
from app.bundles.notation import document, item
from app.bundles.whole import write
from app.cli import cli
from app.db import create_engine
from app.migrate import migrate
from app.models import Basis, Bundle, Collection, Contribution, Record
from seeds import archive as reading
from seeds.archive import opened
from seeds.load import Report, seed
from seeds.reader import BundleError, read_bundle, read_entries
from seeds.seal import SealReport, seal
from seeds.text import Text
from seeds.verify import verify_source

HISTORY = {"created_at", "updated_at", "version"}
BEFORE_HEADERS = "5e0a7c91d3b6"

STRANGE = '“日本” 🕊️ it\'s \\ "so": # - {x}, [y] & *z | 독도 =1+1 ｢半角｣ no 1.0'
PROSE = f"  {STRANGE}\n\n  line two\n---\n... true\nnull ~ "
WORDS = f"{STRANGE}\t\x85\u2028\u2029\u00a0\ufeff\x7fe\u0301"
"""What stands in quotations, which stay exactly as they are printed."""

LORE = f"""\
# Why it is so: a comment.
topics:
  - key: strange
    name: {json.dumps(STRANGE, ensure_ascii=False)}
    label: "no"
    former_slugs: [odd, even]
  - {{key: "1", name: "1.0", label: "true"}}
countries:
  - key: aaa
    code: AAA
    alpha2: AA
    capital: alphaville
    coordinates: {{latitude: 0.000012345678901234567, longitude: -179.99999999999997}}
meetings:
  - key: talks-2
    date: {{edtf: "2030-05-02"}}
    coordinates: {{latitude: 0.000012345678901234567, longitude: -179.99999999999997}}
participants:
  - key: bo-two
    names: [{{text: 二, language: ja}}]
"""

SMALL = """\
# Left out.
topics:
  - {key: waters, name: 水, names: [{text: "Eau \\U0001F30A", language: fr}]}
  - {name: "\\"No\\"", key: fish, parent: waters}
places:
  - {key: lake, name: Lake, coordinates: {longitude: 0.00001, latitude: -2}}
"""
SMALL_FILES = {
    "bundles/small/bundle.yaml": 'bundle: "small"\nbasis: "reference"\nlicense: "CC0-1.0"\n',
    "bundles/small/places.yaml": (
        'places:\n  - key: "lake"\n    name: "Lake"\n'
        "    coordinates: {latitude: -2.0, longitude: 0.00001}\n"
    ),
    "bundles/small/topics.yaml": (
        'topics:\n  - key: "fish"\n    name: "\\"No\\""\n    parent: "waters"\n'
        '  - key: "waters"\n    name: "水"\n    names:\n'
        '      - {text: "Eau 🌊", language: "fr"}\n'
    ),
}
SMALL_SHA256 = "29fe4778fd59a76537d5cdcbe7d10c5080d31edf9412cc62f86deffd9da24bd6"


@pytest.fixture
def told(tmp_path: Path) -> list[Path]:
    """Bundles of two sources that contradict each other, and one of reference knowledge."""
    toy = sealed(tmp_path / "toy", RECORDS.replace("rights: excerpts", "rights: metadata_only"))
    header = f"""\
bundle: lore
basis: reference
title: 卵 🥚
description: {json.dumps(PROSE, ensure_ascii=False)}
license: CC0-1.0
attribution: [A, "B: c"]
"""
    return [toy, bundle(tmp_path / "lore", LORE, header), echo(tmp_path / "echo")]


@pytest.fixture(scope="module")
def blank(databases: Databases) -> str:
    """The address of a migrated database that holds nothing, to copy."""
    url = databases.new()
    migrate(url)
    return url


@pytest.fixture
def url(databases: Databases, blank: str) -> str:
    """The address of a migrated database that holds nothing."""
    return databases.copy(blank)


@pytest.fixture
def other(databases: Databases, blank: str) -> str:
    """The address of another one."""
    return databases.copy(blank)


def seeded_with(url: str, *paths: Path) -> Report:
    with disposing(create_engine(url)) as engine:
        return seed(engine, paths)


def exported(url: str, path: Path) -> Path:
    """The zip of a database."""
    with disposing(create_engine(url)) as engine, db.read(engine) as session, path.open("wb") as to:
        write(session, to)
    return path


def told_by(url: str) -> World:
    """All that the API tells, its history aside."""
    with client_of(service(url)) as client:
        return World(without_history(world_of(client)))


def without_history(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_history(value[name]) for name in value if name not in HISTORY}
    return [without_history(each) for each in value] if isinstance(value, list) else value


def kept(url: str) -> list[tuple[Any, ...]]:
    """The digest of all that is kept of each record, and of what finds it."""
    statement = """
        SELECT record.id, record.sha256, document.sha256 FROM record
        LEFT JOIN search_document AS document ON document.record_id = record.id ORDER BY record.id
    """
    return query(url, statement)


def contents(path: Path) -> dict[str, str]:
    """The text of each file in a zip, in order."""
    with zipfile.ZipFile(path) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


# --------------------------------------------------------------------------- there and back


def test_another_becomes_the_same_and_tells_the_same(
    url: str, other: str, told: list[Path], tmp_path: Path
) -> None:
    first = seeded_with(url, *told)
    one = exported(url, tmp_path / "one.zip")
    assert seeded_with(other, one) == first
    before = told_by(url)
    assert told_by(other) == before
    (meeting,) = (each for each in before["meetings"].values() if each["slug"] == "talks-2")
    assert {each["field"] for each in meeting["contradictions"]} == {"date_edtf", "host", "city"}
    # Where sources contest the place, a bundle of reference knowledge does not say where it is.
    assert meeting["coordinates"] is None
    country = next(iter(before["countries"].values()))
    assert country["coordinates"]["latitude"] == 0.000012345678901234567
    assert STRANGE in {each["name"] for each in before["topics"].values()}
    assert exported(other, tmp_path / "two.zip").read_bytes() == one.read_bytes()
    # What is known already is no news.
    assert seeded_with(other, one) == Report(0, 0, first.created, 0, revision=1)


def test_the_article_goes_there_and_back(seeded: str, other: str, tmp_path: Path) -> None:
    one = exported(seeded, tmp_path / "one.zip")
    seeded_with(other, one)
    assert kept(other) == kept(seeded)
    assert exported(other, tmp_path / "two.zip").read_bytes() == one.read_bytes()


def test_the_bytes_are_known_beforehand(url: str, tmp_path: Path) -> None:
    header = "license: CC0-1.0\nbasis: reference\nbundle: small\n"
    seeded_with(url, bundle(tmp_path / "small", SMALL, header))
    path = exported(url, tmp_path / "one.zip")
    found = contents(path)
    manifest = json.loads(found.pop(MANIFEST))
    assert found == SMALL_FILES
    assert list(found) == sorted(found)
    assert manifest == {
        "format": "communique-bundles",
        "version": 1,
        "records": {"places": 1, "topics": 2},
        "files": [
            {
                "path": name,
                "bytes": len(text.encode()),
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
            for name, text in SMALL_FILES.items()
        ],
    }
    assert hashlib.sha256(path.read_bytes()).hexdigest() == SMALL_SHA256


def test_the_order_of_seeding_is_of_no_account(
    url: str, other: str, told: list[Path], tmp_path: Path
) -> None:
    seeded_with(url, *told)
    for folder in (told[0], told[2], told[1]):
        seeded_with(other, folder)
    one, two = exported(url, tmp_path / "one.zip"), exported(other, tmp_path / "two.zip")
    assert two.read_bytes() == one.read_bytes()


def test_a_bundle_that_took_all_back_is_a_bundle(url: str, other: str, tmp_path: Path) -> None:
    seeded_with(url, bundle(tmp_path / "small", "topics: [{key: a, name: A}]\n"))
    seeded_with(url, bundle(tmp_path / "small", "topics: []\n"))
    one = exported(url, tmp_path / "one.zip")
    assert list(contents(one)) == ["bundles/toy/bundle.yaml", MANIFEST]
    assert seeded_with(other, one).created == 0
    assert exported(other, tmp_path / "two.zip").read_bytes() == one.read_bytes()


def test_nothing_is_written_as_nothing(url: str, tmp_path: Path) -> None:
    one = exported(url, tmp_path / "one.zip")
    assert list(contents(one)) == [MANIFEST]
    assert opened_names(one) == []


def test_much_is_written_in_parts(
    url: str,
    other: str,
    told: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(whole, "PART", 300)
    monkeypatch.setattr(whole, "_ROWS", 2)
    seeded_with(url, *told)
    one = exported(url, tmp_path / "one.zip")
    names = list(contents(one))
    assert names == sorted(names)
    assert [name for name in names if "toy/participants" in name] == [
        "bundles/toy/participants.yaml",
        "bundles/toy/participants_0002.yaml",
        "bundles/toy/participants_0003.yaml",
    ]
    seeded_with(other, one)
    assert kept(other) == kept(url)
    assert exported(other, tmp_path / "two.zip").read_bytes() == one.read_bytes()


@on_sqlite
def test_it_takes_no_more_memory_than_a_part(url: str) -> None:
    number, text = 4000, "x" * 4000
    with disposing(create_engine(url)) as engine:
        with db.write(engine) as session:
            session.add(Bundle(name="big", basis=Basis.reference, sha256="", header={}))
            session.flush()
            for table, rows in _many(number, text).items():
                session.connection().execute(sa.insert(table), rows)
        with db.read(engine) as session, io.BytesIO() as file:
            file.write(b"\0" * 20_000_000)
            file.seek(0)
            tracemalloc.start()
            write(session, file)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert file.tell() > number * len(text)
    assert peak < 10_000_000


def _many(number: int, text: str) -> dict[Any, list[dict[str, Any]]]:
    """The rows of many topics that one bundle tells."""
    now = datetime(2030, 1, 1, tzinfo=UTC)
    records, told = [], []
    for key in (f"t-{at}" for at in range(number)):
        named = {"collection": Collection.topics, "key": key}
        of_record = {"label": key, "sort_name": key, "sha256": "", "basis": Basis.reference}
        history = {"created_at": now, "updated_at": now, "version": 1}
        records.append({**named, **of_record, **history, "id": key, "slug": key})
        told.append({**named, "bundle_name": "big", "content": {"name": text}})
    return {Record: records, Contribution: told}


# ----------------------------------------------------------------------------- what is in it


def test_rights_and_comments(url: str, told: list[Path], tmp_path: Path) -> None:
    """Words that may not be shown are in no file, and nothing that was not checked is."""
    change = told[0] / "records.yaml"
    change.write_text(f"# {TEXT.splitlines()[0]}\n{change.read_text('utf-8')}", "utf-8")
    (told[0] / "toy-times.txt").write_text(TEXT, "utf-8")
    seeded_with(url, *told)
    found = contents(exported(url, tmp_path / "one.zip"))
    toy = "".join(text for name, text in found.items() if "/toy/" in name)
    assert ("passage" in toy, "met in Alphaville" in toy) == (False, False)
    # What the record itself quotes, and what may be shown.
    assert 'quotes: ["tariffs must fall"]' in toy
    assert 'passage: "are quiet"' in found["bundles/zeta/disputes.yaml"]
    assert {name.rpartition(".")[2] for name in found} == {"yaml", "json"}
    assert not any("#" in line.partition('"')[0] for line in toy.splitlines())


def test_what_was_unpacked_is_sealed_and_verified(
    url: str, told: list[Path], tmp_path: Path
) -> None:
    seeded_with(url, *told)
    with zipfile.ZipFile(exported(url, tmp_path / "one.zip")) as found:
        found.extractall(tmp_path / "unpacked")
    folders = [tmp_path / "unpacked" / FOLDER / name for name in ("toy", "zeta", "lore")]
    for folder, source in zip(folders, ("toy-times", "echo"), strict=False):
        text = tmp_path / f"{source}.txt"
        assert seal(folder, {source: text}) == SealReport(0, ())
        assert verify_source([read_bundle(folder)], source, Text.read(text)).ok
    assert seeded_with(url, *folders).unchanged == len(query(url, "SELECT id FROM record"))


# ------------------------------------------------------------------------- what cannot be told


def test_what_an_earlier_version_seeded_is_told_once_it_is_seeded_again(
    url: str, told: list[Path], tmp_path: Path
) -> None:
    first = seeded_with(url, *told)
    one = exported(url, tmp_path / "one.zip")
    command.downgrade(config(url), BEFORE_HEADERS)
    migrate(url)
    with pytest.raises(UntellableError, match=r"Seed them again: lore, toy, zeta$"):
        exported(url, tmp_path / "two.zip")
    assert seeded_with(url, *told) == Report(0, 0, first.created, 0, revision=2)
    assert exported(url, tmp_path / "two.zip").read_bytes() == one.read_bytes()
    assert seeded_with(url, *told).revision == 2


def test_what_no_bundle_tells_is_not_left_out(url: str, told: list[Path], tmp_path: Path) -> None:
    seeded_with(url, *told)
    with disposing(create_engine(url)) as engine, db.write(engine) as session:
        of = sa.column("key") == "one-on-tariffs"
        session.connection().execute(sa.delete(sa.table("contribution")).where(of))
    with pytest.raises(UntellableError, match="No bundle tells of statements/one-on-tariffs"):
        exported(url, tmp_path / "one.zip")
    assert (tmp_path / "one.zip").read_bytes() == b""


@on_sqlite
def test_more_than_an_archive_holds_is_refused(
    url: str, told: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeded_with(url, *told)
    for limit, most in {"MAX_FILES": 3, "MAX_CONTENT": 999}.items():
        with monkeypatch.context() as patched:
            patched.setattr(archives, limit, most)
            with pytest.raises(UntellableError, match=rf"more than an archive holds: .*{most}"):
                exported(url, tmp_path / "one.zip")


def test_a_zip_needs_a_file_that_can_be_sought_in() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with pytest.raises(ValueError, match="sought"):
        Archive(Pipe())


# -------------------------------------------------------------------------------- notation


@pytest.mark.parametrize(
    "value",
    [
        *(STRANGE, PROSE, WORDS, "", "no", "1.0", "~", "2030-05-02", "\x01\x1f\b\f\r\n", "🕊️"),
        *(True, False, None, 0, -7, 10**17, 0.5, 1e-05, -0.0, 0.1 + 0.2, 123456789.125),
        *([], [1, 2], ["a", [True]], {"b": "x", "a": {"c": [WORDS]}}, [{"a": 1}, {"b": []}]),
        *([[1, 1, 0, 9]], {}, [{}]),
    ],
    ids=ascii,
)
def test_what_is_written_is_read_again(value: Any) -> None:
    fields = {"zeta": value, "key": "a-b", "alpha": [value]}
    (entry,) = read_entries("topics:\n" + item(fields), "topics.yaml")
    assert entry.data == fields
    assert list(entry.data) == ["key", "alpha", "zeta"]
    (entry,) = read_entries(document({"topics": [fields]}), "topics.yaml")
    assert entry.data == fields
    assert repr(entry.data["zeta"]) == repr(sorted_within(value))


def sorted_within(value: Any) -> Any:
    """A value whose mappings are in order of their names."""
    if isinstance(value, dict):
        return {name: sorted_within(value[name]) for name in sorted(value)}
    return [sorted_within(each) for each in value] if isinstance(value, list) else value


# -------------------------------------------------------------------------- hostile archives


HEADER = "bundle: toy\nbasis: reference\n"
GOOD = {
    "bundles/toy/bundle.yaml": HEADER,
    "bundles/toy/topics.yaml": "topics:\n  - {key: a, name: A}\n",
}


def archive_of(path: Path, files: Mapping[str, str]) -> Path:
    """An archive as the program writes it, of whatever files."""
    with path.open("wb") as file, Archive(file) as archive:
        for name, text in files.items():
            archive.add(name, text)
        archive.finish({})
    return path


def zipped(path: Path, files: list[tuple[str, bytes]], *, how: int = zipfile.ZIP_STORED) -> Path:
    """A zip as anybody may write it."""
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return path


def good_files(tmp_path: Path) -> list[tuple[str, bytes]]:
    found = contents(archive_of(tmp_path / "good.zip", GOOD))
    return [(name, text.encode()) for name, text in found.items()]


def opened_names(path: Path) -> list[str]:
    """The names of the bundles in an archive."""
    with opened([path]) as folders:
        return [read_bundle(folder).header["bundle"] for folder in folders]


def refusal(path: Path) -> str:
    """Why an archive is refused, without where it is."""
    with pytest.raises(BundleError) as caught, opened([path]):
        pass
    assert all(str(each).startswith(f"{path}: ") for each in caught.value.problems)
    return str(caught.value).replace(f"{path}: ", "")


def test_a_good_archive_is_opened(tmp_path: Path) -> None:
    assert opened_names(archive_of(tmp_path / "a.zip", GOOD)) == ["toy"]
    # Whoever packs the same files without compressing them has the same archive.
    assert opened_names(zipped(tmp_path / "b.zip", good_files(tmp_path))) == ["toy"]


NO_ARCHIVE = "a bundle is a folder, or a zip that `communique export` wrote"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"Notes. " * 99, b"PK\x05\x06" + b"\0" * 16 + b"\1\0!", b"\x1f\x8b" * 50],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert refusal(path) == NO_ARCHIVE


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.yaml", "/etc/evil.yaml", "bundles/../../evil.yaml", "bundles/../toy/evil.yaml"),
        *("bundles/toy/../evil.yaml", "bundles/toy/more/evil.yaml", "bundles\\toy\\evil.yaml"),
        *("bundles/toy/", "bundles/toy/evil.txt", "bundles/toy/evil.yaml\n", "C:/evil.yaml"),
        *("bundles/Toy/evil.yaml", "bundles/toy/Evil.yaml", "evil.yaml", "\x1b[31mevil", "\u202e"),
    ],
)
def test_other_files_are_refused_and_nothing_is_unpacked(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "deep" / "down"
    folder.mkdir(parents=True)
    path = zipped(folder / "a.zip", [*good_files(tmp_path), (name, b"topics: []\n")])
    before = sorted(tmp_path.rglob("*"))
    assert refusal(path) == f"{name!a} is no file of a bundle"
    assert sorted(tmp_path.rglob("*")) == before


def test_many_strange_files_are_counted(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [(f"evil-{at:02}", b"") for at in range(13)])
    *first, last = refusal(path).splitlines()
    assert first == [f"'evil-{at:02}' is no file of a bundle" for at in range(10)]
    assert last == "and 3 more"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    files = good_files(tmp_path)
    path = zipped(tmp_path / "a.zip", [*files, (files[1][0], b"topics: []\n")])
    assert refusal(path) == "'bundles/toy/topics.yaml' is there twice"


def test_what_is_compressed_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = ("bundles/toy/topics.yaml", b" " * 8_000_000)
    for how in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        path = zipped(tmp_path / "a.zip", [bomb], how=how)
        assert path.stat().st_size < 10_000
        tracemalloc.start()
        found = refusal(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert "'bundles/toy/topics.yaml' is compressed or encrypted" in found
        assert peak < 1_000_000


def test_what_is_encrypted_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", GOOD)
    patch_directory(path, 8, struct.pack("<H", 1))
    assert refusal(path) == "'bundles/toy/bundle.yaml' is compressed or encrypted"


def patch_directory(path: Path, offset: int, value: bytes) -> None:
    """Change what the zip's directory says of its first file."""
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + offset
    data[at : at + len(value)] = value
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (len(HEADER) + 1, "the archive is damaged"),
        (7 * 2**20, "its files overlap"),
        (9 * 2**20, "'bundles/toy/bundle.yaml' has more than 8388608 bytes"),
    ],
)
def test_sizes_that_are_not_true_are_refused(tmp_path: Path, size: int, message: str) -> None:
    path = archive_of(tmp_path / "a.zip", GOOD)
    patch_directory(path, 20, struct.pack("<II", size, size))
    assert refusal(path) == message


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive_of(tmp_path / "a.zip", GOOD)
    many = "the archive has more than 20000 files"
    monkeypatch.setattr(reading, "MAX_FILES", 1)
    assert refusal(path) == many
    # It is refused before it is read.
    monkeypatch.setattr(zipfile, "ZipFile", None)
    monkeypatch.setattr(reading, "_LISTING_BYTES", 50)
    assert refusal(path) == many
    monkeypatch.setattr(reading, "MAX_ARCHIVE", 100)
    assert refusal(path) == "the archive has more than 100 bytes"


def test_a_count_that_is_elsewhere_is_refused(tmp_path: Path) -> None:
    """What a zip of more than 65,535 files writes before its end would be counted instead."""
    path = archive_of(tmp_path / "a.zip", GOOD)
    data = path.read_bytes()
    path.write_bytes(data[:-22] + b"PK\x06\x07" + b"\0" * 16 + data[-22:])
    assert refusal(path) == "the archive has more than 20000 files"


def test_what_is_cut_or_longer_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", GOOD)
    data = path.read_bytes()
    path.write_bytes(data[:-30])
    assert refusal(path) == NO_ARCHIVE
    for other in (data[100:], b"#!/bin/sh\n" + data):
        path.write_bytes(other)
        assert refusal(path) == "something stands before its files, or is missing there"


def test_whatever_byte_is_wrong_is_told_or_of_no_account(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", GOOD)
    data = path.read_bytes()
    of_no_account = {at for at in range(len(data)) if still_opened(path, data, at)}
    for content in contents(path).values():
        start = data.index(content.encode())
        assert of_no_account.isdisjoint(range(start, start + len(content.encode())))


def still_opened(path: Path, data: bytes, at: int) -> bool:
    """Whether an archive with one other byte is the same archive; else it must be refused."""
    path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    try:
        names = opened_names(path)
    except BundleError:
        return False
    finally:
        path.write_bytes(data)
    return names == ["toy"]


Change = Callable[[dict[str, Any], dict[str, bytes]], None]
CHANGED = "is not as it was exported: unpack the archive, and seed its folders"


def _newer(manifest: dict[str, Any], _: dict[str, bytes]) -> None:
    manifest["version"] = 2


def _unlisted(manifest: dict[str, Any], _: dict[str, bytes]) -> None:
    del manifest["files"][1]


def _missing(_: dict[str, Any], files: dict[str, bytes]) -> None:
    del files["bundles/toy/topics.yaml"]


def _changed(_: dict[str, Any], files: dict[str, bytes]) -> None:
    files["bundles/toy/topics.yaml"] = b"topics: []\n"


def _wrong(manifest: dict[str, Any], _: dict[str, bytes]) -> None:
    manifest["files"] = {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_newer, "it is not of version 1, which is what this program reads"),
        (_unlisted, "'bundles/toy/topics.yaml' is not in the manifest"),
        (_missing, "'bundles/toy/topics.yaml' is missing"),
        (_changed, f"'bundles/toy/topics.yaml' {CHANGED}"),
        (_wrong, "manifest.json cannot be understood"),
    ],
)
def test_an_archive_holds_what_its_manifest_says(
    tmp_path: Path, change: Change, message: str
) -> None:
    files = dict(good_files(tmp_path))
    manifest = json.loads(files.pop(MANIFEST))
    change(manifest, files)
    packed = [*files.items(), (MANIFEST, json.dumps(manifest).encode())]
    assert refusal(zipped(tmp_path / "a.zip", packed)) == message


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff", b"{}", b"null"])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    files = [*good_files(tmp_path)[:-1], (MANIFEST, content)]
    assert refusal(zipped(tmp_path / "a.zip", files)) == "manifest.json cannot be understood"
    path = zipped(tmp_path / "b.zip", files[:-1])
    assert refusal(path) == "manifest.json is missing"


def test_the_manifest_is_as_it_was_written(tmp_path: Path) -> None:
    text = contents(archive_of(tmp_path / "a.zip", GOOD))[MANIFEST]
    assert [each.path for each in Manifest.model_validate_json(text).files] == list(GOOD)


# ------------------------------------------------------------------------------- the command


def run(monkeypatch: pytest.MonkeyPatch, url: str, *arguments: str) -> tuple[int, str]:
    """The exit status of a command and what it says."""
    monkeypatch.setenv("DATABASE_URL", url)
    result = CliRunner().invoke(cli, arguments)
    return result.exit_code, result.output


@on_sqlite
def test_the_commands(
    url: str,
    other: str,
    told: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    created = seeded_with(url, *told).created
    path = tmp_path / "one.zip"
    path.write_text("What stood there.", "utf-8")
    status, said = run(monkeypatch, url, "export", str(path))
    files = len(contents(path)) - 1
    assert (status, said) == (0, f"Export: {created} records in {files} files of bundles\n")
    assert [each.name for each in tmp_path.glob("*.new")] == []
    text = f"toy-times={tmp_path / 'toy-times.txt'}"
    assert run(monkeypatch, url, "verify", str(path), "--text", text)[0] == 0
    status, said = run(monkeypatch, other, "seed", str(path))
    assert (status, said.partition(",")[0]) == (0, f"Seed: {created} records created")


@on_sqlite
def test_the_commands_tell_what_is_wrong(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**GOOD, "bundles/toy/topics.yaml": "topics:\n  - {key: a, nam: A}\n"}
    path = archive_of(tmp_path / "a.zip", wrong)
    status, said = run(monkeypatch, url, "seed", str(path))
    assert (status, f"{path}/bundles/toy/topics.yaml:2: topics/a: nam: there is no" in said) == (
        1,
        True,
    )
    path.write_bytes(b"Notes.")
    status, said = run(monkeypatch, url, "seed", str(path))
    assert (status, f"{path}: {NO_ARCHIVE}" in said) == (1, True)
    with disposing(create_engine(url)) as engine, db.write(engine) as session:
        session.add(Bundle(name="old", basis=Basis.source, sha256=""))
    status, said = run(monkeypatch, url, "export", str(path))
    assert (status, "Seed them again: old" in said) == (1, True)
    assert path.read_bytes() == b"Notes."
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.zip"]
