"""What feeds have in common, in whatever they are written: addresses and ids."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from app.query.forms.entries import called
from app.query.forms.writer import Page, has
from app.query.shape import Item

DATES = (
    "date_start", "date_end", "date_earliest", "date_latest", "date_edtf", "date_as_written",
    "date_basis",
)  # fmt: skip
dated = has(*DATES)
"""Whether records of a shape have a date of their own."""
LANGUAGE = "en"
"""That of our own words, of which most of a feed is; names may be in another one."""


def entry_id(item: Item) -> str:
    """The id of an entry: the record's own, whatever the address of the knowledge base."""
    return UUID(item["id"].partition("_")[2]).urn


def entry_title(page: Page, item: Item) -> str:
    """What an entry is called. It says what it is: a silence on something is no statement on it."""
    return f"{page.out.__name__.removesuffix('Out')}: {called(item)}"


@dataclass(frozen=True)
class Addresses:
    """Where a page of records is as a feed, what comes after it, and what else tells the same."""

    page: Page
    form: str

    @property
    def own(self) -> str:
        """Of this very document."""
        return self.page.url if self.page.file else self._with(format=self.form)

    @property
    def records(self) -> str:
        """Of the same records as JSON; of an export, the list of them."""
        return self._with(format=None)

    @property
    def whole(self) -> str:
        """Of the first page as JSON, by which a feed is known, whichever of its pages it is."""
        return self._with(format=None, cursor=None)

    @property
    def next(self) -> str | None:
        """Of the page after it, if there is one."""
        cursor = self.page.answer.get("next_cursor")
        return self._with(format=self.form, cursor=cursor) if cursor else None

    def _with(self, **own: str | None) -> str:
        """The address of the records with other parameters; None takes one away."""
        path, _, query = self.page.url.partition("?")
        if self.page.file:
            # A list has no last line that could count.
            path, own = f"{self.page.public_url}/v1/{self.page.collection}", own | {"count": None}
        kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in own]
        pairs = [*kept, *((name, value) for name, value in own.items() if value is not None)]
        return f"{path}?{urlencode(pairs)}" if pairs else path
