"""Taking draws and replaying them; what else sampling writes is gathered here."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core import sampling
from qa.core.sampling.draw import DrawInputs, DrawnItem, draw
from qa.models import SampleItem, SamplingDraw, SamplingPlan
from qa.services.sampling.items import expire_items, reassign_item, replace_item
from qa.services.sampling.preview import (
    LARGEST_SEED,
    AgentRow,
    DrawPreview,
    LoadRow,
    StratumRow,
    preview_draw,
)
from qa.services.sampling.refusals import (
    AlreadyDrawn,
    FrameChanged,
    FrameEmpty,
    ItemNotOpen,
    NoPublishedScorecard,
    NoReviewers,
    NotAMonday,
    PeriodNotOver,
    PlanInactive,
    ReasonMissing,
    ReviewerRefused,
    SeedInvalid,
)
from supportops.notifications.models import Kind
from supportops.notifications.services import Message, notify_all
from workforce.people.models import User

__all__ = [
    "LARGEST_SEED",
    "AgentRow",
    "AlreadyDrawn",
    "DrawPreview",
    "FrameChanged",
    "FrameEmpty",
    "ItemNotOpen",
    "LoadRow",
    "NoPublishedScorecard",
    "NoReviewers",
    "NotAMonday",
    "PeriodNotOver",
    "PlanInactive",
    "ReasonMissing",
    "ReviewerRefused",
    "SeedInvalid",
    "StratumRow",
    "expire_items",
    "preview_draw",
    "reassign_item",
    "replace_item",
    "replay_draw",
    "take_draw",
]


@transaction.atomic
def take_draw(
    *,
    plan_id: int,
    starts_on: date,
    seed: int,
    actor: User | None,
    at: datetime,
    expected_hash: str = "",
) -> SamplingDraw:
    """Write the draw of one plan and week, and tell each reviewer once.

    The plan's row is locked first: of two draws at once the second is refused. With
    ``expected_hash``, a frame that is no longer the previewed one is refused too.

    Raises what ``preview_draw`` raises, and ``PlanInactive``, ``AlreadyDrawn``,
    ``NoReviewers``, ``FrameEmpty`` or ``FrameChanged``.
    """
    plan = SamplingPlan.objects.select_for_update().get(pk=plan_id)
    _refuse_state(plan, starts_on)
    preview = preview_draw(plan=plan, starts_on=starts_on, seed=seed, at=at)
    _refuse_content(preview, expected_hash)
    taken = SamplingDraw.objects.create(
        plan=plan,
        starts_on=starts_on,
        ends_on=preview.ends_on,
        seed=seed,
        plan_then=_plan_then(preview),
        frame=[row.as_list() for row in preview.inputs.frame],
        frame_size=preview.frame_size,
        frame_hash=preview.frame_hash,
        strata=[
            {
                "label": row.label,
                "size": row.size,
                "drawn": row.drawn,
                "spread": row.spread,
            }
            for row in preview.strata
        ],
        uncovered=preview.uncovered,
        taken_at=at,
        taken_by=actor,
    )
    due_at = at + timedelta(hours=plan.due_hours)
    SampleItem.objects.bulk_create(
        _item(taken, item, place, due_at) for place, item in enumerate(preview.items, 1)
    )
    _tell_reviewers(taken, preview.load, due_at, at)
    return taken


def replay_draw(draw_taken: SamplingDraw) -> list[str]:
    """Take a draw again from what it has stored; return what differs, in words.

    Reviewers are left out: items are handed on after a draw. Items that replaced others
    are left out too; what they replaced is compared.
    """
    inputs = DrawInputs.from_dict(draw_taken.plan_then["inputs"], draw_taken.frame)
    found: list[str] = []
    if sampling.frame_hash(inputs.frame) != draw_taken.frame_hash:
        found.append(_("The stored frame is not the one that was drawn from."))
    again = Counter(
        (item.ticket, item.agent, item.stratum, item.why, item.rule, item.probability)
        for item in draw(inputs, draw_taken.seed)
    )
    stored = Counter(
        draw_taken.items.as_drawn().values_list(
            "ticket_id", "agent_id", "stratum", "why", "rule", "probability"
        )
    )
    found += [
        _("Ticket #%(ticket)s is in the replay and not in the draw.")
        % {"ticket": row[0]}
        for row in _sorted(again - stored)
    ]
    found += [
        _("Ticket #%(ticket)s is in the draw and not in the replay.")
        % {"ticket": row[0]}
        for row in _sorted(stored - again)
    ]
    return found


# Refusals ---------------------------------------------------------------------------------


def _refuse_state(plan: SamplingPlan, starts_on: date) -> None:
    if not plan.is_active:
        raise PlanInactive(
            _("“%(plan)s” is not active. Activate it, then draw.") % {"plan": plan}
        )
    if plan.draws.filter(starts_on=starts_on).exists():
        raise AlreadyDrawn(
            _(
                "The week from %(day)s has been drawn already. Its items stay as they are."
            )
            % {"day": starts_on}
        )


def _refuse_content(preview: DrawPreview, expected_hash: str) -> None:
    if not preview.frame_size:
        raise FrameEmpty(
            _("No ticket of that week matches the plan, so nothing was drawn.")
        )
    if not preview.inputs.reviewers:
        raise NoReviewers(
            _(
                "Nobody may review for “%(plan)s”. Name reviewers in the plan, then draw."
            )
            % {"plan": preview.plan}
        )
    if expected_hash and expected_hash != preview.frame_hash:
        raise FrameChanged(
            _("Tickets have changed since the preview. Look at it again, then draw.")
        )


# What a draw writes -----------------------------------------------------------------------


def _plan_then(preview: DrawPreview) -> dict[str, Any]:
    plan = preview.plan
    return {
        "inputs": preview.inputs.to_dict(),
        "name": plan.name,
        "scorecard": plan.scorecard_id,
        "teams": sorted(team.pk for team in plan.teams.all()),
        "categories": sorted(category.pk for category in plan.categories.all()),
        "channels": sorted(channel.pk for channel in plan.channels.all()),
        "strata": plan.strata,
        "quota_rule": plan.quota_rule,
        "quota": plan.quota,
        "due_hours": plan.due_hours,
        "time_zone": plan.time_zone,
    }


def _item(
    taken: SamplingDraw, item: DrawnItem, place: int, due_at: datetime
) -> SampleItem:
    return SampleItem(
        draw=taken,
        ticket_id=item.ticket,
        agent_id=item.agent,
        stratum=item.stratum,
        probability=item.probability,
        why=item.why,
        rule=item.rule,
        position=place,
        reviewer_id=item.reviewer,
        due_at=due_at,
    )


def _tell_reviewers(
    taken: SamplingDraw, load: Iterable[LoadRow], due_at: datetime, at: datetime
) -> None:
    zone = taken.plan.time_zone
    due = f"{due_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
    people = User.objects.in_bulk([row.reviewer for row in load if row.total])
    notify_all(
        [
            Message(
                recipients=[people[row.reviewer]],
                kind=Kind.REVIEWS_TO_DO,
                dedup_key=f"qa-draw-{taken.pk}",
                title=ngettext(
                    "%(n)s review to do by %(due)s",
                    "%(n)s reviews to do by %(due)s",
                    row.total,
                )
                % {"n": row.total, "due": due},
                url=reverse("qa:inbox"),
            )
            for row in load
            if row.total
        ],
        at=at,
    )


def _sorted(rows: Counter[Any]) -> list[Any]:
    return sorted(rows.elements(), key=lambda row: (row[0], row[3], row[4]))
