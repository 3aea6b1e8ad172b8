"""Questions across records: what an analyst asks and a dashboard draws."""

from app.questions import dossier, timeline
from app.questions.question import Question

QUESTIONS: tuple[Question, ...] = (*dossier.QUESTIONS, *timeline.QUESTIONS)
