"""Topics: a small tree of subjects."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.models import Collection, Topic, TopicPath
from app.query.filters import Reference
from app.query.meaning import Means, Types
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Linked, RefTo
from app.query.values import link, own
from app.resources import common
from app.resources.common import Named
from app.resources.meanings import IN_SCHEME


class TopicOut(Named):
    """A subject."""

    types: ClassVar[Types] = Types(("skos:Concept",), name="skos:prefLabel", alias="skos:altLabel")

    parent: Annotated[Ref | None, RefTo(column="parent_id"), Means("skos:broader")]
    """The subject above it; null at the top."""
    path: Annotated[
        list[Ref],
        Linked(owner=TopicPath.topic_id, value=TopicPath.ancestor_id, order=TopicPath.depth.desc()),
        IN_SCHEME,
    ]
    """From the top of the tree down to the topic itself."""
    children: Annotated[
        list[Ref],
        Linked(included=True, owner=Topic.parent_id, value=Topic.id, order=Topic.id),
        Field(default_factory=list),
        Means("skos:narrower"),
    ]
    """The topics right below it; only with `include=children`."""


RESOURCE = Resource(
    collection=Collection.topics,
    about="Subjects, in a small tree.",
    table=Topic,
    out=TopicOut,
    filters={
        "parent": Reference("The topic right above.", own(Topic.parent_id), to=common.TOPICS),
        "under": Reference(
            "A topic at or above it.",
            link(TopicPath.topic_id, TopicPath.ancestor_id),
            "path",
            to=common.TOPICS,
        ),
    },
    sorts={},
)
