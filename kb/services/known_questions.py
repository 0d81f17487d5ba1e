"""Every write to known questions: by hand, and grown from what visitors open."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from kb.models import Article, KnownQuestion, Search
from supportops.common.errors import OperationRefused

TEXT_LENGTH = 300
# A season of searches: long enough for rare questions, and what was asked before a product
# changed has gone.
CLICKS_FROM = timedelta(days=90)
# One visitor may click by mistake and two by chance; three who agree have found something.
FEWEST_VISITORS = 3
# Of all who opened something for the same words. Below, the words mean several things, and
# no single article is right.
LEAST_AGREEMENT = 0.6


class QuestionExists(OperationRefused):
    code = "question_exists"


class QuestionUnusable(OperationRefused):
    code = "question_unusable"


class Grown(NamedTuple):
    """What a night of growing did."""

    added: int
    moved: int
    recounted: int


@transaction.atomic
def add_question(
    *, text: str, article_id: int, language: str, weight: int, at: datetime
) -> KnownQuestion:
    """Enter a question whose right article somebody knows.

    Raises ``QuestionUnusable`` and ``QuestionExists``.
    """
    question = KnownQuestion(source=KnownQuestion.Source.HAND, created_at=at)
    return _saved(question, text, article_id, language, weight)


@transaction.atomic
def change_question(
    *, question_id: int, text: str, article_id: int, language: str, weight: int
) -> KnownQuestion:
    """Change a question. It is one by hand from then on: clicks no longer move it.

    Raises ``QuestionUnusable`` and ``QuestionExists``.
    """
    question = KnownQuestion.objects.select_for_update().get(pk=question_id)
    question.source = KnownQuestion.Source.HAND
    return _saved(question, text, article_id, language, weight)


@transaction.atomic
def set_question_active(*, question_id: int, is_active: bool) -> KnownQuestion:
    """Let a question be checked again, or no longer. Harmless to repeat."""
    question = KnownQuestion.objects.select_for_update().get(pk=question_id)
    if question.is_active != is_active:
        question.is_active = is_active
        question.save(update_fields=["is_active"])
    return question


def _saved(
    question: KnownQuestion, text: str, article_id: int, language: str, weight: int
) -> KnownQuestion:
    text = " ".join(text.split())
    _refuse_unusable(text, article_id, weight)
    others = KnownQuestion.objects.filter(language=language, text__iexact=text)
    if others.exclude(pk=question.pk or 0).exists():
        raise _exists(text)
    question.text, question.article_id = text, article_id
    question.language, question.weight = language, weight
    try:
        with transaction.atomic():
            question.save()
    except IntegrityError as error:
        # Somebody else entered it in this very moment.
        raise _exists(text) from error
    return question


def _exists(text: str) -> QuestionExists:
    return QuestionExists(
        _(
            "“%(text)s” is in the list already in this language. Change that entry instead."
        )
        % {"text": text}
    )


def _refuse_unusable(text: str, article_id: int, weight: int) -> None:
    if not text or len(text) > TEXT_LENGTH:
        raise QuestionUnusable(
            _("A question has 1 to %(limit)d characters.") % {"limit": TEXT_LENGTH}
        )
    if weight < 1:
        raise QuestionUnusable(_("A question was asked at least once."))
    is_published = Article.objects.filter(
        pk=article_id, state=Article.State.PUBLISHED
    ).exists()
    if not is_published:
        raise QuestionUnusable(
            _("The right article must be published, or no search can find it.")
        )


class _Agreed(NamedTuple):
    article_id: int
    visitors: int


@transaction.atomic
def grow_from_clicks(*, at: datetime) -> Grown:
    """Enter what enough visitors searched for and then opened the same article.

    A question that came from clicks follows them: to another article when most now open
    that one, and to a new count. Questions by hand and those switched off stay as they are.
    Harmless to repeat.
    """
    agreed = _agreed_since(at - CLICKS_FROM, at)
    # Spelled alike whatever the capitals: a question by hand counts as the same.
    known = {
        (question.language, question.text.casefold()): question
        for question in KnownQuestion.objects.select_for_update()
    }
    new = [
        KnownQuestion(
            language=language,
            text=text,
            article_id=row.article_id,
            source=KnownQuestion.Source.CLICKS,
            weight=row.visitors,
            created_at=at,
        )
        for (language, text), row in agreed.items()
        if (language, text) not in known
    ]
    KnownQuestion.objects.bulk_create(new, ignore_conflicts=True)
    moved, recounted = _follow(agreed, known)
    return Grown(len(new), moved, recounted)


def _follow(
    agreed: dict[tuple[str, str], _Agreed],
    known: dict[tuple[str, str], KnownQuestion],
) -> tuple[int, int]:
    """Move and recount known questions; return how many of each."""
    changed, moved = [], 0
    for key, row in agreed.items():
        question = known.get(key)
        if question is None or not question.is_active:
            continue
        now = (question.article_id, question.weight)
        if question.source != KnownQuestion.Source.CLICKS or now == row:
            continue
        moved += question.article_id != row.article_id
        question.article_id, question.weight = row
        changed.append(question)
    KnownQuestion.objects.bulk_update(changed, ["article", "weight"], batch_size=500)
    return moved, len(changed) - moved


def _agreed_since(start: datetime, end: datetime) -> dict[tuple[str, str], _Agreed]:
    """Texts whose visitors agree on an article that is still published."""
    rows = (
        Search.objects.filter(
            at__gt=start,
            at__lte=end,
            clicked__state=Article.State.PUBLISHED,
            # Who searched again or wrote a ticket afterwards had not found it.
            refined_by__isnull=True,
            ticket__isnull=True,
        )
        .exclude(folded="")
        .values_list("language", "folded", "clicked_id")
        .annotate(visitors=Count("visitor", distinct=True))
    )
    found: dict[tuple[str, str], list[_Agreed]] = defaultdict(list)
    for language, text, article_id, visitors in rows:
        found[language, text].append(_Agreed(article_id, visitors))
    return {
        key: best
        for key, some in found.items()
        if (best := _agreement(some)) is not None
    }


def _agreement(rows: list[_Agreed]) -> _Agreed | None:
    best = max(rows, key=lambda row: (row.visitors, -row.article_id))
    everybody = sum(row.visitors for row in rows)
    if best.visitors < FEWEST_VISITORS:
        return None
    return best if best.visitors >= LEAST_AGREEMENT * everybody else None
