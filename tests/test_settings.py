"""Settings: read, refused in words, documented, and warned about when misspelt."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app import settings
from app.settings import Settings, explain, misspellings, variable

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings.variables():
        monkeypatch.delenv(name, raising=False)


def test_every_setting_has_a_default_and_a_description() -> None:
    Settings()
    assert all(field.description for field in Settings.model_fields.values())


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "HOST": "0.0.0.0",  # noqa: S104
        "PORT": "9000",
        "PUBLIC_URL": "https://example.org/api/",
        "COMMUNIQUE_LOG_LEVEL": "INFO",
        "COMMUNIQUE_CORS_ORIGINS": "https://a.example, https://b.example",
        "COMMUNIQUE_BUNDLES": "",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    found = Settings()
    assert (found.port, found.log_level, found.bundles) == (9000, "info", ())
    assert found.cors_origins == ("https://a.example", "https://b.example")
    assert found.base_url == "https://example.org/api"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://localhost:8000"),  # noqa: S104
        ("::1", "http://[::1]:8000"),
        ("::", "http://localhost:8000"),
    ],
)
def test_links_begin_with_the_listening_address(host: str, url: str) -> None:
    assert Settings(host=host).base_url == url


def test_a_bad_value_is_explained_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty-secret")
    monkeypatch.setenv("DATABASE_URL", "mysql://user:secret@host/name")
    monkeypatch.setenv("COMMUNIQUE_LOG_LEVEL", "secret")
    with pytest.raises(ValidationError) as caught:
        Settings()
    lines = explain(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "PORT",
        "DATABASE_URL",
        "COMMUNIQUE_LOG_LEVEL",
    ]
    assert "secret" not in explain(caught.value)
    assert "must begin with sqlite:/// or postgresql://" in lines[1]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("PUBLICURL", "PUBLIC_URL"),
        ("HSOT", "HOST"),
        ("PROT", "PORT"),
        ("PORTS", "PORT"),
        ("COMMUNIQUE_PORT", "PORT"),
        ("COMMUNIQUE_DATABASE_URL", "DATABASE_URL"),
        ("COMMUNIQUE_LOGLEVEL", "COMMUNIQUE_LOG_LEVEL"),
        ("COMMUNIQE_LOG_LEVEL", "COMMUNIQUE_LOG_LEVEL"),
    ],
)
def test_a_misspelt_variable_is_warned_about(name: str, meant: str) -> None:
    (warning,) = misspellings([name, "PATH"])
    assert name in warning
    assert f"Did you mean {meant}?" in warning


def test_an_unknown_variable_of_ours_lists_the_known_ones() -> None:
    (warning,) = misspellings(["COMMUNIQUE_ZZZZZZZZ"])
    assert all(name in warning for name in settings.variables())


@pytest.mark.parametrize(
    "name", ["HOME", "PATH", "PWD", "POST", "LOG_LEVEL", "HOSTNAME", "HOSTTYPE", "DB_URL", "SHELL"]
)
def test_other_programs_variables_are_left_alone(name: str) -> None:
    assert misspellings([name]) == []


def test_the_documented_settings_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings.table(), "Run: make docs"
    assert all(f"`{variable(name)}`" in page for name in Settings.model_fields)
