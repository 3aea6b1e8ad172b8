"""Every number is the length of the list behind its address, in whatever is known of the world."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import SqliteFiles, client_of, disposing, service
from generated import Chance, generate
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from reading import Json, local, read
from starlette.testclient import TestClient

from app.db import create_engine
from app.migrate import migrate
from app.questions import QUESTIONS
from app.questions.coverage import By
from app.resources import RESOURCES
from app.resources.statements import RESOURCE as STATEMENTS

BASES = int(os.environ.get("BASES", "8"))
"""How many knowledge bases are drawn: more by `make lengths`."""
LISTS = 3 if "BASES" not in os.environ else 10_000
"""How many numbers of each answer are counted again."""
REFUSED = {"unsuitable_parameter", "too_many_rows", "not_comparable", "not_a_pair", "crossed_dates"}
"""What a drawn question may be refused for."""
NUMBERS = ("count", "weight", "total")


class World:
    """A drawn knowledge base: what there is to ask it about."""

    def __init__(self, client: TestClient, chance: Random) -> None:
        self.client, self.chance = client, chance
        self._slugs: dict[str, list[str]] = {}

    def one(self, collection: str) -> str:
        """The slug of some record."""
        if collection not in self._slugs:
            items = read(self.client, f"/v1/{collection}", fields="slug", limit=200)["items"]
            self._slugs[collection] = [one["slug"] for one in items]
        return self.chance.choice(self._slugs[collection])

    def asked(self, name: str) -> str:
        """Some filters of a question with values, and at times what sources alone tell."""
        values: dict[str, Callable[[], str]] = {
            "country": lambda: self.one("countries"),
            "about": lambda: self.one("countries"),
            "participant": lambda: self.one("participants"),
            "meeting": lambda: self.one("meetings"),
            "series": lambda: self.one("series"),
            "topic": lambda: self.chance.choice(["", "!"]) + self.one("topics"),
            "date_from": lambda: f"200{self.chance.randint(0, 6)}",
            "date_to": lambda: f"200{self.chance.randint(4, 9)}-07",
            "strength": lambda: "fragment,report",
            "sources_min": lambda: "2",
            "has_contradictions": lambda: "false",
            "q": lambda: "forum",
        }
        known = [each for each in values if each in BY_NAME[name].parameters.model_fields]
        chosen = self.chance.sample(known, min(self.chance.choice([0, 0, 1, 1, 2]), len(known)))
        pairs = [(name, values[name]()) for name in chosen]
        pairs += [("basis", "source")] * (self.chance.random() < 0.3)
        return urlencode(pairs)


ASKED: Mapping[str, Callable[[World], str]] = {
    "profile": lambda w: f"/v1/countries/{w.one('countries')}/profile?limit=1",
    "with": lambda w: f"/v1/countries/{w.one('countries')}/with/{w.one('countries')}?limit=1",
    "overview": lambda w: f"/v1/series/{w.one('series')}/overview?lang=ja",
    "coverage": lambda w: f"/v1/coverage?by={w.chance.choice([*By])}",
    "timeline": lambda _: "/v1/timeline?limit=5",
    "positions": lambda w: f"/v1/positions?by={w.chance.choice(['country', 'participant'])}",
    "graph": lambda w: f"/v1/graph?nodes={w.chance.choice(['countries', 'participants'])}",
    "nodes": lambda w: f"/v1/graph/nodes?depth=1&around={w.one('countries')}",
    "edges": lambda _: "/v1/graph/edges?min_weight=1",
    "similar": lambda w: f"/v1/statements/{w.one('statements')}/similar?limit=1",
    "batch": lambda w: f"/v1/batch?ids=countries/{w.one('countries')}",
}
"""Where each question is asked of a drawn knowledge base, before what narrows it."""
BY_NAME = {one.name: one for one in QUESTIONS}


def pivot(world: World) -> str:
    """A pivot of a drawn collection by drawn dimensions."""
    resource = world.chance.choice([*[one for one in RESOURCES if one.facets], STATEMENTS])
    facets = [*resource.facets]
    by = world.chance.sample(facets, min(world.chance.choice([1, 2]), len(facets)))
    basis = "&basis=source" * (world.chance.random() < 0.4)
    return f"/v1/{resource.name}/pivot?by={','.join(by)}{basis}"


def numbers(told: Any) -> Iterator[tuple[int, str]]:
    """Every number of an answer that stands beside an address of its list."""
    if isinstance(told, list):
        for each in told:
            yield from numbers(each)
    elif isinstance(told, dict):
        for name, value in told.items():
            prefix, _, number = name.rpartition("_")
            url = told.get(f"{prefix}_url" if prefix else "url")
            if number in NUMBERS and isinstance(value, int) and url:
                yield value, url
            yield from numbers(value)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """What gives the address of a migrated database that holds nothing."""
    files = SqliteFiles(tmp_path_factory.mktemp("lengths"))
    empty = files.new()
    migrate(empty)
    return lambda: files.copy(empty)


def test_every_question_is_asked() -> None:
    assert set(ASKED) == set(BY_NAME)


@st.composite
def chances(draw: st.DrawFn) -> Chance:
    """Shapes from nearly nothing known to nearly all, with flat and with deep trees of topics."""
    chance = Chance(draw(st.integers(0, 2**32)))
    chance.unknown = draw(st.sampled_from([0.0, 0.1, 0.3, 0.6, 0.95, 1.0]))
    chance.details = draw(st.sampled_from([(0, 0, 0, 1), (0, 1, 1, 2, 3), (1, 2), (3, 4, 5)]))
    chance.branches = draw(st.sampled_from([2, 3, 5]))
    return chance


@settings(
    max_examples=BASES,
    deadline=None,
    # A smaller seed is no smaller knowledge base.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chance=chances(), number=st.integers(2, 9))
def test_each_number_is_the_length_of_its_list(
    new: Callable[[], str], chance: Chance, number: int
) -> None:
    url = new()
    with disposing(create_engine(url)) as engine:
        generate(engine, number, chance=chance)
    app = service(url)
    with client_of(app) as client:
        world = World(client, chance)
        questions = (f"{ask(world)}&{world.asked(name)}" for name, ask in ASKED.items())
        for address in [*questions, *(pivot(world) for _ in range(2))]:
            note(address)
            check(world, address)
    app.state.engine.dispose()
    Path(url.removeprefix("sqlite:///")).unlink()


def check(world: World, address: str) -> None:
    """Whether each number of an answer, or each of some, is right."""
    answer = world.client.get(address)
    if answer.status_code != 200:
        # What no source tells of is not there on that basis.
        allowed = REFUSED | ({"unknown_record"} if "basis=source" in address else set())
        assert {fault["code"] for fault in answer.json()["errors"]} <= allowed, answer.text
        return
    found = sorted(set(numbers(answer.json())))
    for told, url in world.chance.sample(found, min(len(found), LISTS)):
        joint = "&" if "?" in url else "?"
        listed: Json = read(world.client, f"{local(url)}{joint}with_total=true&limit=1")
        assert listed["total"] == told, url
