"""Questions across records: what an analyst asks and a dashboard draws."""

from app.questions import batch, coverage, dossier, graph, overview, positions, similar, timeline
from app.questions.question import Question

QUESTIONS: tuple[Question, ...] = (
    *dossier.QUESTIONS,
    *overview.QUESTIONS,
    *timeline.QUESTIONS,
    *positions.QUESTIONS,
    *graph.QUESTIONS,
    *coverage.QUESTIONS,
    *batch.QUESTIONS,
    *similar.QUESTIONS,
)
