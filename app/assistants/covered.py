"""What is said where nothing is found: what is covered, so that it is not taken for a denial."""

from pydantic import Field

from app.assistants.asking import Api, Json
from app.assistants.facts import Short, Text

COUNTRIES_AT_MOST = 50
NOTHING = "Nothing is known of this here, which is no denial."


class Answered(Short):
    """What any answer may have."""

    covered: Text = None
    """Only where nothing was found: what this knowledge base covers. What is not found may still
    have happened or been said."""
    also: list[str] = Field(default_factory=list)
    """What else there is that the question leaves out, such as what has no date, or a silence."""


async def covered(api: Api) -> str:
    """What the knowledge base covers, in a sentence."""
    rows = (await api.ask("/v1/coverage", {"zeros": False}))["rows"]
    counted = ", ".join(f"{row['collection']} {row['count']}" for row in rows)
    if not counted:
        return "This knowledge base holds no records yet."
    days = {end: [row[end] for row in rows if row[end]] for end in ("date_earliest", "date_latest")}
    dated = ""
    if all(days.values()):
        first, last = min(days["date_earliest"])[:4], max(days["date_latest"])[:4]
        dated = f"; dates within {first}" + (f" to {last}" if last != first else "")
    named = ", ".join(await countries(api)) or "none"
    return f"Covered are only: {counted}{dated}; countries: {named}."


async def countries(api: Api) -> list[str]:
    """The countries that records refer to, by slug."""
    asked = {"fields": "slug", "sort": "slug", "limit": COUNTRIES_AT_MOST}
    answer = await api.ask("/v1/countries", asked)
    return [one["slug"] for one in answer["items"]] + (["..."] if answer["next_cursor"] else [])


async def nothing_found(api: Api, content: Json, said: str = NOTHING) -> tuple[str, Json]:
    """What is said where nothing is found, in words and added to ``content``."""
    told = await covered(api)
    return f"{said} {told}", {**content, "covered": told}
