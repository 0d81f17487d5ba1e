"""The triage decision tree: at most four questions, one priority."""

from collections.abc import Mapping
from dataclasses import dataclass

# In the order they are asked; each with the priority that a yes decides.
TREE: tuple[tuple[str, str], ...] = (
    ("outage", "P1"),
    ("revenue_or_data", "P2"),
    ("core_blocked", "P3"),
    ("how_to", "P5"),
)
OTHERWISE = "P4"
QUESTIONS = tuple(question for question, _priority in TREE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tree says, and the questions that led there."""

    priority: str
    asked: tuple[str, ...]
    decided_by: str


def next_question(answers: Mapping[str, bool]) -> str | None:
    """Return the question to ask now, ``None`` when the answers decide.

    Parameters
    ----------
    answers : mapping of str to bool
        Answers so far, by question. Those after the deciding yes are not looked at.
    """
    for question in QUESTIONS:
        if question not in answers:
            return question
        if answers[question]:
            return None
    return None


def decide(answers: Mapping[str, bool]) -> Verdict:
    """Follow the tree to its priority.

    Parameters
    ----------
    answers : mapping of str to bool
        Answers by question, at least up to the first yes.

    Returns
    -------
    Verdict
        ``decided_by`` is the question answered with yes, empty when all were denied.

    Raises
    ------
    ValueError
        If a question is unknown, or one that must be asked has no answer.

    Examples
    --------
    >>> decide({"outage": False, "revenue_or_data": True}).priority
    'P2'
    """
    unknown = sorted(set(answers) - set(QUESTIONS))
    if unknown:
        raise ValueError(f"the tree does not ask {unknown[0]!r}")
    missing = next_question(answers)
    if missing is not None:
        raise ValueError(f"{missing!r} has no answer")
    asked: list[str] = []
    for question, priority in TREE:
        asked.append(question)
        if answers[question]:
            return Verdict(priority, tuple(asked), question)
    return Verdict(OTHERWISE, tuple(asked), "")
