"""What a page sends when it saves, checked against the scorecard and written."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from qa.core.scorecard import CHECKLIST, LEVELS, NOT_ALLOWED, TEXT, Criterion
from qa.core.scorecard import Scorecard as Card
from qa.models import Answer, Review, RootCause
from qa.services.drafting.refusals import UnknownAnswer

TEXT_LIMIT = 10_000
OVERALL = {"strengths", "focus", "is_exemplary"}
PARTS = {"level", "checked", "is_na", "text", "comment", "root_causes", "seen"}

Change = Mapping[str, Any]


def apply_changes(review: Review, card: Card, changes: Sequence[Change]) -> list[str]:
    """Write the changes of answers; set overall words on ``review`` and name them.

    Nothing is written when any change is refused (``UnknownAnswer``).
    """
    answers = {answer.criterion_key: answer for answer in review.answers.all()}
    causes: dict[str, list[RootCause]] = {}
    touched: dict[str, Answer] = {}
    fields: set[str] = set()
    for change in changes:
        if "criterion" not in change:
            fields |= _apply_overall(review, change)
            continue
        criterion = _criterion(card, change["criterion"])
        answer = answers.setdefault(
            criterion.key, Answer(review=review, criterion_key=criterion.key)
        )
        _apply_parts(answer, criterion, card, change)
        if "root_causes" in change:
            causes[criterion.key] = _root_causes(criterion, change["root_causes"])
        touched[criterion.key] = answer
    for answer in touched.values():
        answer.save()
    for key, chosen in causes.items():
        answers[key].root_causes.set(chosen)
    return sorted(fields)


def _apply_overall(review: Review, change: Change) -> set[str]:
    if not change or set(change) - OVERALL:
        raise _unknown(change)
    for name, value in change.items():
        checked = _flag(value) if name == "is_exemplary" else _text(value)
        setattr(review, name, checked)
    return set(change)


def _criterion(card: Card, key: Any) -> Criterion:
    try:
        return card.criterion(key)
    except KeyError:
        raise UnknownAnswer(
            _("This scorecard has no criterion “%(key)s”.") % {"key": key}
        ) from None


def _apply_parts(
    answer: Answer, criterion: Criterion, card: Card, change: Change
) -> None:
    if set(change) - PARTS - {"criterion"}:
        raise _unknown(change)
    if "level" in change:
        answer.level = _level(criterion, change["level"])
        answer.is_na = answer.is_na and not answer.level
    if "is_na" in change:
        _apply_na(answer, criterion, card, _flag(change["is_na"]))
    if "text" in change:
        answer.text = _text(change["text"])
    if "comment" in change:
        answer.comment = _text(change["comment"])
    if "checked" in change or "seen" in change:
        _apply_boxes(answer, criterion, change)


def _level(criterion: Criterion, key: Any) -> str:
    known = {level.key for level in criterion.levels}
    if criterion.kind != LEVELS or (key and key not in known):
        raise UnknownAnswer(
            _("“%(criterion)s” has no level “%(key)s”.")
            % {"criterion": criterion.title, "key": key}
        )
    return str(key or "")


def _apply_na(answer: Answer, criterion: Criterion, card: Card, is_na: bool) -> None:
    allowed = criterion.na_allowed and card.na_policy != NOT_ALLOWED
    if is_na and not allowed:
        raise UnknownAnswer(
            _("“%(criterion)s” always applies.") % {"criterion": criterion.title}
        )
    answer.is_na = is_na
    if is_na:
        answer.level, answer.checked = "", []


def _apply_boxes(answer: Answer, criterion: Criterion, change: Change) -> None:
    """Tick boxes. A box that was ticked, cleared or named in ``seen`` is the reviewer's.

    Ticked ones are kept in the scorecard's order.
    """
    before = set(answer.checked)
    after = _boxes(criterion, change.get("checked", answer.checked))
    seen = _boxes(criterion, change.get("seen", [])) | (before ^ after)
    answer.checked = [check.key for check in criterion.checks if check.key in after]
    if after:
        answer.is_na = False
    for key in seen & set(answer.evidence):
        answer.evidence[key] = {**answer.evidence[key], "seen": True}
    answer.source = source_of(answer)


def source_of(answer: Answer) -> str:
    """Return who stands behind the boxes: the rule as long as one is unconfirmed."""
    told = {
        key: finding
        for key, finding in answer.evidence.items()
        if finding.get("found") is not None
    }
    if not told:
        return Answer.Source.HUMAN
    if not all(finding.get("seen") for finding in told.values()):
        return Answer.Source.RULE
    agrees = all(
        finding["found"] == (key in answer.checked) for key, finding in told.items()
    )
    return Answer.Source.CONFIRMED if agrees else Answer.Source.HUMAN


def _boxes(criterion: Criterion, keys: Any) -> set[str]:
    known = {check.key for check in criterion.checks}
    if (
        criterion.kind != CHECKLIST
        or not isinstance(keys, list | tuple | set | frozenset)
        or not set(keys) <= known
    ):
        raise UnknownAnswer(
            _("“%(criterion)s” has no such box.") % {"criterion": criterion.title}
        )
    return set(keys)


def _root_causes(criterion: Criterion, ids: Any) -> list[RootCause]:
    if not isinstance(ids, list | tuple) or not all(type(pk) is int for pk in ids):
        raise UnknownAnswer(_("Root causes are named by their numbers."))
    chosen = [
        cause
        for cause in RootCause.objects.filter(pk__in=ids, is_active=True)
        if cause.criterion_key in {"", criterion.key}
    ]
    if len(chosen) != len(set(ids)) or criterion.kind == TEXT:
        raise UnknownAnswer(
            _("This root cause is not offered at “%(criterion)s”.")
            % {"criterion": criterion.title}
        )
    return chosen


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise UnknownAnswer(_("A comment is text."))
    if len(value) > TEXT_LIMIT:
        raise UnknownAnswer(
            _("A text of %(n)s characters is too long: %(limit)s at most.")
            % {"n": len(value), "limit": TEXT_LIMIT}
        )
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnknownAnswer(_("This is answered with yes or no."))
    return value


def _unknown(change: Change) -> UnknownAnswer:
    return UnknownAnswer(
        _("A review has no such field: %(names)s.")
        % {"names": ", ".join(sorted(map(str, change))) or "–"}
    )
