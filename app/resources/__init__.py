"""The API's table of contents."""

from app.query.resource import Resource
from app.resources import (
    assessments,
    countries,
    disputes,
    evidence,
    incidents,
    meetings,
    participants,
    proposals,
    relations,
    series,
    silences,
    sources,
    statements,
    topics,
)

RESOURCES: tuple[Resource, ...] = tuple(
    module.RESOURCE
    for module in (
        meetings,
        series,
        participants,
        countries,
        statements,
        silences,
        disputes,
        incidents,
        proposals,
        relations,
        assessments,
        topics,
        sources,
        evidence,
    )
)
