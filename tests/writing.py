"""Pages for the writers of forms, with texts that are hard to write."""

import re
from collections.abc import Sequence
from typing import Any

from reading import PUBLIC_URL

from app.query.forms.writer import Page
from app.query.resource import Resource

LONG = "界,é;😀\\ " * 18_750
HOSTILE = (
    "外相会議 한일중 钓鱼岛 👩‍👩‍👧 é e\u0301",
    '"double" \'single\' <tag attr="x">&amp; ]]> %s {0} \\n \\, ; : ,',
    "first\nsecond\r\nthird\rfourth",
    "nul\x00 bell\x07 tab\t escape\x1b delete\x7f end",
    "separators \u2028 \u2029 next\x85line \x0b \x0c \x1c",
    "no characters \ufffe \uffff and \U0010ffff",
)
"""What texts may hold; ``LONG`` has 150,000 characters."""
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def bare(text: str) -> str:
    """A text as it must come out of a form that has no control characters."""
    return CONTROLS.sub("", re.sub("\r\n?", "\n", text))


def page(resource: Resource, items: Sequence[dict[str, Any]], **more: Any) -> Page:
    """A page of records, which can be read only once."""
    url = f"{PUBLIC_URL}/v1/{resource.name}"
    told: dict[str, Any] = {"url": url, "language": "en", "label": "The {}".format, **more}
    return Page(
        resource.out, resource.shown, {"items": iter(items), "next_cursor": None},
        collection=resource.name, public_url=PUBLIC_URL, **told,
    )  # fmt: skip
