"""What opens each form: one line for each tool, with a place for the address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Template

EVERY = "*"
"""In the place of a form: whatever the form."""
SPECIAL = re.compile(r"[\x00-\x20\x7f\"'`$\\<>(){}|^!;*]")
"""What ends a text or means something in one of the languages of the lines."""


@dataclass(frozen=True)
class Recipe:
    """How one tool opens one form."""

    tool: str
    form: str
    line: str
    """``$url`` is the address, ``$name`` what is read from it, ``$form`` the form."""
    given: str = ""
    """The parameters that the tool needs beside the form."""
    newest: bool = False
    """Whether it wants what is newest, where others want all there is."""


_CURL = 'curl --fail --output $name.$form "$url"'
_PANDAS = "import pandas as pd; $name = pd."
_POLARS = "import polars as pl; $name = pl."
_RDFLIB = "import rdflib; $name = rdflib."
_TABLE = 'Csv.Document(Web.Contents("$url"), [Encoding=65001, QuoteStyle=QuoteStyle.Csv])'

RECIPES = (
    Recipe("curl", EVERY, _CURL),
    Recipe("R with jsonlite", "json", '$name <- jsonlite::fromJSON("$url")$$items'),
    # NA is Namibia.
    Recipe("pandas", "csv", _PANDAS + 'read_csv("$url", keep_default_na=False, na_values=[""])'),
    Recipe("polars", "csv", _POLARS + 'read_csv("$url", infer_schema_length=None)'),
    Recipe("DuckDB", "csv", "FROM read_csv('$url');"),
    Recipe("R with readr", "csv", '$name <- readr::read_csv("$url", na = "")'),
    Recipe("Excel, Power Query", "csv", f"= Table.PromoteHeaders({_TABLE})"),
    Recipe("Excel, Data > From Web", "csv", "$url", given="dialect=excel"),
    Recipe("Google Sheets", "csv", '=IMPORTDATA("$url")'),
    Recipe("Grafana Infinity", "csv", "Type: CSV, Parser: Backend, Source: URL, URL: $url"),
    Recipe("Observable", "csv", '$name = d3.csv("$url")'),
    # Partial dates are text; whoever guesses makes numbers of years.
    Recipe(
        "pandas",
        "ndjson",
        _PANDAS + 'read_json("$url", lines=True, dtype=False)',
    ),
    Recipe("polars", "ndjson", _POLARS + 'read_ndjson("$url", infer_schema_length=None)'),
    Recipe("DuckDB", "ndjson", "FROM read_json('$url', format = 'newline_delimited');"),
    Recipe("R with jsonlite", "ndjson", '$name <- jsonlite::stream_in(url("$url"))'),
    Recipe("QGIS, Add Vector Layer > HTTP(S)", "geojson", "$url"),
    Recipe("Calendar, subscribe", "ics", "$url"),
    Recipe("Feed reader, subscribe", "atom", "$url", newest=True),
    Recipe("Feed reader, subscribe", "jsonfeed", "$url", newest=True),
    Recipe("rdflib", "jsonld", _RDFLIB + 'Graph().parse("$url", format="json-ld")'),
    Recipe("rdflib", "ttl", _RDFLIB + 'Graph().parse("$url", format="turtle")'),
    Recipe("rdflib", "nq", _RDFLIB + 'Dataset().parse("$url", format="nquads")'),
    Recipe("Another Communiqué", "zip", f"{_CURL} && communique seed $name.$form"),
    Recipe("pandas", "parquet", _PANDAS + 'read_parquet("$url")'),
    Recipe("polars", "parquet", _POLARS + 'read_parquet("$url")'),
    Recipe("DuckDB", "parquet", "FROM read_parquet('$url');"),
    Recipe("R with arrow", "parquet", '$name <- arrow::read_parquet("$url")'),
)
"""By form, in the order in which they are shown. One is shown where its form exists."""


def opening(form: str, recipes: Iterable[Recipe] = RECIPES) -> Iterator[Recipe]:
    """What opens a form."""
    return (one for one in recipes if one.form in (form, EVERY))


def written(recipe: Recipe, form: str, name: str, url: str) -> str:
    """The line, with an address that stays within the quotation marks around it."""
    inert = SPECIAL.sub(lambda found: f"%{ord(found[0]):02X}", url)
    return Template(recipe.line).substitute(url=inert, name=name, form=form)
