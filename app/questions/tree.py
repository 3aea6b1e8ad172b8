"""Topics as a tree: so that what is told by topic can be drawn as one."""

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import col

from app.models import Record, TopicPath
from app.query.refs import Ref
from app.questions.question import Answer, Asking, Labelled


class TopicInTree(Labelled):
    """A topic, and where it stands in the tree of topics."""

    parent: Ref | None
    """The topic right above; null at the top. It may itself not be shown."""
    depth: int
    """How many topics stand above it."""


def in_tree(asking: Asking, ids: Collection[str]) -> dict[str, Answer]:
    """These topics by id, each one right before those below it."""
    paths: dict[str, list[tuple[str, str]]] = defaultdict(list)
    query = sa.select(col(TopicPath.topic_id), col(TopicPath.ancestor_id), col(Record.slug))
    query = query.join(Record, col(Record.id) == col(TopicPath.ancestor_id))
    query = query.where(col(TopicPath.topic_id).in_(ids)).order_by(col(TopicPath.depth).desc())
    for topic, above, slug in asking.context.session.execute(query):
        paths[topic].append((slug, above))
    found = asking.labelled(TopicInTree, ids)
    parents = {path[-2][1] for path in paths.values() if len(path) > 1}
    refs = {id: asking.context.refs.to(Ref, id) for id in parents}
    asking.context.refs.resolve()
    for id, path in paths.items():
        parent = refs[path[-2][1]] if len(path) > 1 else None
        found[id] |= {"parent": parent, "depth": len(path) - 1}
    return {id: found[id] for id in sorted(paths, key=lambda id: [slug for slug, _ in paths[id]])}
