"""Countries: states, former states, territories and organizations of states."""

from typing import Annotated, ClassVar

from app import models as m
from app.models import Collection, Country
from app.query.filters import Choice, Reference
from app.query.meaning import Means, Types
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import RefTo
from app.query.values import own
from app.resources import common
from app.resources.common import Located, Named
from app.resources.meanings import CAPITAL, SAME


class CountryOut(Named):
    """A state, former state, territory or organization of states."""

    types: ClassVar[Types] = Types(
        some={
            m.CountryKind.state: "schema:Country",
            m.CountryKind.territory: "schema:AdministrativeArea",
            m.CountryKind.organization: "schema:Organization",
        }
    )

    kind: m.CountryKind
    code: Annotated[str | None, Means("schema:identifier")]
    """ISO 3166-1 alpha-3; null for what ISO does not code."""
    alpha2: str | None
    """ISO 3166-1 alpha-2."""
    wikidata: Annotated[str | None, SAME]
    """Its item in Wikidata."""
    capital: Annotated[Ref | None, RefTo(column="capital_id"), CAPITAL]
    """The seat of its government."""
    coordinates: Annotated[Located, Means("capital_coordinates")]
    """Of its capital."""


RESOURCE = Resource(
    collection=Collection.countries,
    about="Countries and what stands beside them: former states, territories, organizations.",
    table=Country,
    out=CountryOut,
    filters={
        "kind": Choice("What it is.", own(Country.kind), enum=m.CountryKind),
        "capital": Reference("Its capital; id or slug.", own(Country.capital_id), to=common.PLACES),
    },
    sorts={},
    also=common.COUNTRIES.also,
)
