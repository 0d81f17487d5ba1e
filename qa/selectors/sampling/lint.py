"""What is wrong with a sampling plan before it draws."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from qa.models import GoldTicket, SamplingPlan
from qa.selectors.sampling.frame import published_version_of, reviewers_of
from workforce.people.models import User

ERROR, WARNING, ADVICE = "error", "warning", "advice"
SCORING = "score_review"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; ``code`` names its words, ``values`` fill them."""

    code: str
    weight: str
    values: dict[str, Any] = field(default_factory=dict)


def who_may_score() -> Q:
    """Return a condition for people who are active and may score reviews."""
    by_role = Q(
        groups__permissions__codename=SCORING,
        groups__permissions__content_type__app_label="qa",
    )
    by_hand = Q(
        user_permissions__codename=SCORING,
        user_permissions__content_type__app_label="qa",
    )
    return Q(is_active=True, is_automation=False) & (
        by_role | by_hand | Q(is_superuser=True)
    )


def people_who_may_score() -> Any:
    """Return them in the order of their names."""
    ids = User.objects.filter(who_may_score()).values("pk")
    return User.objects.filter(pk__in=ids).order_by("first_name", "last_name", "pk")


def plan_findings(plan: SamplingPlan, at: datetime) -> list[Finding]:
    """Return what keeps a plan from drawing, or from telling what it should."""
    version = published_version_of(plan)
    reviewers, trainees = reviewers_of(plan, at)
    found: list[Finding] = []
    if version is None:
        found.append(Finding("no_version", ERROR))
    if not reviewers:
        code = "nobody_certified" if trainees else "no_reviewers"
        found.append(Finding(code, ERROR))
    found += _people(plan, reviewers)
    if plan.rules and not plan.rule_limit:
        found.append(Finding("rules_unused", WARNING))
    gold = GoldTicket.objects.filter(version=version, is_active=True)
    if plan.gold_share and version and not gold.exists():
        found.append(Finding("no_gold", ADVICE))
    return found


def _people(plan: SamplingPlan, reviewers: list[int]) -> list[Finding]:
    named = plan.reviewers.all()
    able = set(
        people_who_may_score().filter(pk__in=reviewers).values_list("pk", flat=True)
    )
    unable = [str(p) for p in named if p.pk in set(reviewers) - able]
    found: list[Finding] = []
    if unable:
        found.append(Finding("may_not_score", WARNING, {"names": unable}))
    if len(reviewers) == 1:
        found.append(Finding("one_reviewer", WARNING))
    elif reviewers and not plan.overlap_share:
        found.append(Finding("no_overlap", ADVICE))
    newest = plan.draws.order_by("-starts_on").defer("frame", "plan_then").first()
    if plan.reviewer_limit and newest and reviewers:
        items, limit = newest.items.count(), plan.reviewer_limit * len(reviewers)
        if items > limit:
            found.append(
                Finding("limit_low", WARNING, {"items": items, "limit": limit})
            )
    return found
