"""What a review still needs before it can be submitted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from qa.core.scorecard import CHECKLIST, LEVELS, TEXT, Criterion
from qa.core.scoring import Given

ANSWER, COMMENT, ROOT_CAUSE = "answer", "comment", "root_cause"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing: ``what`` is "answer", "comment" or "root_cause"."""

    criterion: str
    what: str


def gaps(
    shown: Iterable[Criterion],
    answers: Mapping[str, Given],
    *,
    commented: Collection[str] = (),
    caused: Collection[str] = (),
    offered: Collection[str] = (),
) -> tuple[Gap, ...]:
    """Return what is missing, in the order of the scorecard.

    Parameters
    ----------
    shown : iterable of Criterion
        The criteria asked of this ticket.
    answers : mapping of criterion key to Given
    commented, caused : collection of criterion keys
        Those that have a comment, and a root cause.
    offered : collection of criterion keys
        Those at which a root cause can be chosen at all; "" offers it at every one.

    Returns
    -------
    tuple of Gap
        A criterion with levels needs one, or "does not apply". An answer under
        ``comment_below`` points needs a comment and, where one is offered, a root cause.
    """
    found: list[Gap] = []
    for criterion in shown:
        given = answers.get(criterion.key, Given())
        if criterion.kind == LEVELS and not given:
            found.append(Gap(criterion.key, ANSWER))
            continue
        if not asks_for_comment(criterion, given):
            continue
        if criterion.key not in commented:
            found.append(Gap(criterion.key, COMMENT))
        can_choose = "" in offered or criterion.key in offered
        if can_choose and criterion.key not in caused:
            found.append(Gap(criterion.key, ROOT_CAUSE))
    return tuple(found)


def asks_for_comment(criterion: Criterion, given: Given) -> bool:
    """Return whether the answer is below what goes without saying why.

    Examples
    --------
    >>> from qa.core.scorecard import Level
    >>> tone = Criterion("tone", "Tone", levels=(Level("low", "Low", 1),), comment_below=2)
    >>> asks_for_comment(tone, Given(level="low"))
    True
    """
    if criterion.comment_below is None or given.is_na or criterion.kind == TEXT:
        return False
    if criterion.kind == CHECKLIST:
        return len(given.checked) < criterion.comment_below
    return bool(given.level) and (
        criterion.level(given.level).points < criterion.comment_below
    )
