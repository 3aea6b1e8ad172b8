"""What it takes more than another name for a field to tell in linked data."""

from collections.abc import Iterable

from app.models import MeetingStatus, NameKind, Voice
from app.query.meaning import At, Literal, Means, Node, Told, parts
from app.query.shape import Item

WIKIDATA = "http://www.wikidata.org/entity/"
Pair = tuple[str, Node | Literal]


# ------------------------------------------------------------------------ names


def _names(at: At, names: Iterable[Item]) -> Told:
    """Names with their languages; apart from them those that are said for a reason."""
    for part, name in parts("names", names):
        text = Literal(name["text"], language=name["language"])
        if name["kind"] == NameKind.main:
            yield at.types.name, text
        elif name["kind"] == NameKind.alias:
            yield at.types.alias, text
        else:
            yield "name_used", _name_used(at, part, name, text)


def _name_used(at: At, part: str, name: Item, text: Literal) -> Node:
    own = (("kind", Literal(name["kind"])), ("basis", Literal(name["basis"])))
    told: list[Pair] = [("schema:name", text), *own]
    if name["used_by"]:
        told.append(("used_by", at.to(name["used_by"])))
    return Node(at.within(part), ("Name",), tuple(told))


NAMES = Means(
    "name_used",
    tell=_names,
    about="A name that one country uses, or that of a capital which stands for its state.",
)


# -------------------------------------------------------------- where a fact comes from


def _derived(at: At, evidence: Iterable[Item]) -> Told:
    """The sources from whose passages the record is derived, or quoted."""
    for one in evidence:
        source = at.to(one["source"])
        yield "prov:wasDerivedFrom", source
        if one["quote"] is not None:
            yield "prov:wasQuotedFrom", source


def _target(at: At, source: Item) -> Told:
    """The passage, and within it the words that the record quotes."""
    passage, quote = at.item["passage"], at.item["quote"]
    exact = [_selected(at.within("passage"), passage)] if passage is not None else []
    yield "oa:hasTarget", _part_of(at, source, "target", _position(at, "position"), *exact)
    if quote is not None:
        words = ("oa:refinedBy", _selected(at.within("quote"), quote))
        refined = _position(at, "quoted-position", words)
        yield "oa:hasTarget", _part_of(at, source, "quoted", refined)


def _part_of(at: At, source: Item, name: str, *selectors: Node) -> Node:
    """A part of a source that each of ``selectors`` finds."""
    found = tuple(("oa:hasSelector", one) for one in selectors)
    told = (("oa:hasSource", at.to(source)), *found)
    return Node(at.within(name), ("oa:SpecificResource",), told)


def _position(at: At, name: str, *more: Pair) -> Node:
    """Where the passage stands, in code points."""
    start, end = (
        Literal(at.item[bound]["code_point"], "xsd:nonNegativeInteger")
        for bound in ("start", "end")
    )
    told: tuple[Pair, ...] = (("oa:start", start), ("oa:end", end), *more)
    return Node(at.within(name), ("oa:TextPositionSelector",), told)


def _selected(id: str, words: str) -> Node:
    """Words that may be shown."""
    return Node(id, ("oa:TextQuoteSelector",), (("oa:exact", Literal(words)),))


EVIDENCE = Means(adds=_derived, about="A passage on which it rests.")
TARGET = Means("oa:hasTarget", tell=_target)


def _attributed(at: At, voice: Voice) -> Told:
    """Somebody of whom no more is told than in what role they speak."""
    who = Node(at.within("voice"), ("prov:Agent",), (("voice", Literal(voice)),))
    yield "prov:wasAttributedTo", who


def _quotations(at: At, quotes: Iterable[str]) -> Told:
    """The quoted words; a quotation of the speakers only where they are their own."""
    own = at.item["own_words"]
    types = ("schema:Quotation",) if own else ()
    by = [("schema:spokenByCharacter", at.to(one)) for one in at.item["speakers"]] if own else []
    for part, words in parts("quotes", quotes):
        told: tuple[Pair, ...] = (("schema:text", Literal(words)), *by)
        yield "quote", Node(at.within(part), types, told)


VOICE = Means(tell=_attributed)
QUOTES = Means("quote", tell=_quotations)


# ------------------------------------------------------------------- places and events


def _as_place(term: str) -> Means:
    """A place, which is told here since it has no address."""

    def tell(at: At, place: Item) -> Told:
        name = place["name"]
        told = (("rdfs:label", Literal(name)),) if name is not None else ()
        yield term, Node(at.to(place).id, ("schema:Place",), told)

    return Means(term, tell=tell)


CAPITAL = _as_place("capital")
LOCATION = _as_place("schema:location")

NOT_AS_SCHEDULED = {
    MeetingStatus.postponed: "schema:EventPostponed",
    MeetingStatus.cancelled: "schema:EventCancelled",
}


def _event_status(_: At, status: MeetingStatus) -> Told:
    """Warns of a meeting that is not held as it was to be."""
    if status in NOT_AS_SCHEDULED:
        yield "schema:eventStatus", Node(NOT_AS_SCHEDULED[status])


EVENT_STATUS = Means(adds=_event_status)


# ----------------------------------------------------------------------------- topics


def _in_scheme(at: At, _: Iterable[Item]) -> Told:
    """The tree, at the address of the collection."""
    yield "skos:inScheme", Node(at.id.rpartition("/")[0], ("skos:ConceptScheme",))


IN_SCHEME = Means("skos:inScheme", tell=_in_scheme)


# ------------------------------------------------------------- what others call the same


def _same(_: At, item: str) -> Told:
    yield "owl:sameAs", Node(f"{WIKIDATA}{item}")


SAME = Means(tell=_same)
