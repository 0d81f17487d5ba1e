"""Puts all gaps together: by topic, by ticket category, by article."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from kb.core.gaps import Estimate, Range, Term, count_range, estimate
from kb.models import GapTask, WorklistRow
from kb.selectors.gaps import tickets as ticket_facts
from kb.selectors.gaps.articles import WeakArticle, reasons_of, weak_articles
from kb.selectors.gaps.drafts import ACTIONS, MOST_LISTED, SOURCES, Draft
from kb.selectors.gaps.measured import (
    WINDOW_DAYS,
    WRONG_WHEN_STALE,
    Measured,
    measure,
)
from kb.selectors.gaps.topics import TICKETS_LEAST, Keys, topic_gaps
from tickets.models import Category


def build_gaps(*, at: datetime, days: int = WINDOW_DAYS) -> list[Draft]:
    """Return all gaps of the ``days`` days before ``at``, the most hours first.

    What exists already for a topic is not looked up here (see ``existing.look_up``).
    """
    measured = measure(at=at, days=days)
    uncovered = _uncovered(measured)
    keys = Keys(
        frozenset(GapTask.objects.values_list("key", flat=True)),
        frozenset(WorklistRow.objects.values_list("key", flat=True)),
    )
    topics = topic_gaps(measured, uncovered, keys)
    in_topics = {pk for draft in topics for pk in draft.all_tickets}
    rest = [pk for pk in uncovered if pk not in in_topics]
    drafts = [*topics, *_category_gaps(rest, measured), *_article_gaps(measured)]
    return sorted(drafts, key=rank)


def rank(draft: Draft) -> tuple[float, float, str]:
    """Most hours first; of equals the surer one, then by name."""
    hours = draft.estimate.hours
    return -hours.likely, -hours.low, draft.key


def _uncovered(measured: Measured) -> list[int]:
    """Tickets whose category no article covers and on which no agent used one."""
    covered = ticket_facts.covered_by(ticket_facts.articles_by_category())
    answered = ticket_facts.answered_by_article(measured.since)
    return [
        pk
        for pk, row in measured.tickets.items()
        if pk not in answered
        and (row.category is None or covered.get(row.category) is None)
    ]


def _category_gaps(rest: Collection[int], measured: Measured) -> list[Draft]:
    """What is left of categories without an article after topics took their tickets."""
    by_category: dict[int, list[int]] = defaultdict(list)
    for pk in rest:
        category = measured.tickets[pk].category
        if category is not None:
            by_category[category].append(pk)
    names = Category.objects.in_bulk(by_category)
    return [
        Draft(
            key=f"category:{category}",
            title=str(names[category]),
            language="",
            sources=[SOURCES.TICKETS],
            estimate=estimate(
                after_searches=None,
                other_tickets=(
                    Term("tickets", count_range(len(found), measured.days), len(found)),
                    measured.reached,
                ),
                avoided=measured.avoided,
                minutes=measured.minutes_of(found),
            ),
            tickets=len(found),
            category=category,
            evidence={"tickets": found[-MOST_LISTED:]},
        )
        for category, found in sorted(by_category.items())
        if len(found) >= TICKETS_LEAST
    ]


def _article_gaps(measured: Measured) -> list[Draft]:
    weak = weak_articles(measured.since, measured.until)
    reasons = reasons_of([one.pk for one in weak])
    return [_of_article(one, reasons.get(one.pk, {}), measured) for one in weak]


def _of_article(
    weak: WeakArticle, reasons: dict[str, int], measured: Measured
) -> Draft:
    return Draft(
        key=f"article:{weak.pk}",
        title=weak.title,
        language=weak.language,
        sources=_sources(weak),
        estimate=_article_estimate(weak, measured),
        tickets=weak.tickets,
        action=_action(weak),
        article=weak.pk,
        evidence={
            "readings": weak.readings,
            "votes": weak.votes,
            "yes": weak.yes,
            "helpful": _plain(weak.helpful),
            "reasons": reasons,
            "due": weak.due_on.isoformat() if weak.due_on else "",
            "reviewed": weak.reviewed_at.isoformat() if weak.reviewed_at else "",
            "flags": weak.flags,
        },
    )


def _sources(weak: WeakArticle) -> list[str]:
    given: Sequence[tuple[str, object]] = (
        (SOURCES.FLAGS, weak.flags),
        (SOURCES.UNHELPFUL, weak.is_unhelpful),
        (SOURCES.STALE, weak.is_stale),
    )
    return [str(source) for source, holds in given if holds]


def _action(weak: WeakArticle) -> str:
    if weak.flags:
        return ACTIONS.CORRECT
    return ACTIONS.IMPROVE if weak.is_unhelpful else ACTIONS.REVIEW


def _article_estimate(weak: WeakArticle, measured: Measured) -> Estimate:
    """Tickets that followed a reading, as far as the article may be to blame."""
    return estimate(
        after_searches=None,
        other_tickets=(
            Term(
                "tickets_after_reading",
                count_range(weak.tickets, measured.days),
                weak.readings,
            ),
            _blame(weak),
        ),
        avoided=measured.avoided,
        minutes=measured.minutes,
    )


def _blame(weak: WeakArticle) -> Term:
    """All where an agent says it is wrong; else as many as said no; else a guess."""
    if weak.flags:
        return Term("flagged", Range(1, 1, 1), len(weak.flags))
    helpful = weak.helpful
    if weak.is_unhelpful and helpful is not None:
        value = Range(1 - helpful.high, 1 - helpful.likely, 1 - helpful.low)
        return Term("not_helpful", value, weak.votes)
    return Term("wrong_when_stale", WRONG_WHEN_STALE, 0)


def _plain(value: Range | None) -> list[float] | None:
    return None if value is None else [value.low, value.likely, value.high]
