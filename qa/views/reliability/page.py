"""How far scores can be trusted: agreement, severity, drift, certificates."""

from collections.abc import Mapping
from datetime import UTC, date
from math import inf
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from qa.core.agreement import bland_altman
from qa.core.calibration.statistics import MIN_BIAS, MIN_TICKETS
from qa.core.reviewer_drift import Drift
from qa.models import Certification, ReliabilityFigure, RubricChange, Scorecard
from qa.selectors import drift
from qa.selectors import reliability as selectors
from qa.selectors.reviews import reviews_visible_to
from qa.selectors.scorecards import card_of, published_version
from qa.services import certification
from qa.views.reliability.charts import Dot, caterpillar, control_chart, scatter
from qa.views.reliability.words import (
    WEAK,
    figure_row,
    interval,
    severity_rule,
    severity_words,
    signed,
)
from supportops.common.pages import StaffPageMixin
from workforce.people.models import User

ORDINAL = ReliabilityFigure.Method.ALPHA_ORDINAL
PEERS, GOLD = "peers", "gold"
NUMBER_LENGTH = 9


class ReliabilityView(StaffPageMixin, TemplateView):
    permission = "qa.view_reliability"
    title = gettext_lazy("Reliability")
    template_name = "qa/reliability/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cards = list(
            Scorecard.objects.filter(versions__published_at__isnull=False)
            .distinct()
            .order_by("name")
        )
        card = self._chosen(cards)
        context = {"cards": cards, "card": card, "min_tickets": MIN_TICKETS}
        if card is not None:
            context |= self._of(card)
        return super().get_context_data(**context, **kwargs)

    def _chosen(self, cards: list[Scorecard]) -> Scorecard | None:
        text = self.request.GET.get("scorecard", "")
        if not text:
            return cards[0] if cards else None
        found = [card for card in cards if str(card.pk) == text]
        if not found:
            raise Http404
        return found[0]

    def _of(self, card: Scorecard) -> dict[str, Any]:
        figures = selectors.newest_figures(card.pk)
        window = (figures[0].starts_on, figures[0].ends_on) if figures else None
        severities = list(selectors.newest_severities(card.pk))
        people = self._people(card, severities)
        today = timezone.now().astimezone(UTC).date()
        drifts = drift.reviewer_drifts(card.pk, today)
        named = self.request.GET.get("reviewer", "")
        reviewer = chosen_reviewer(people, drifts, named)
        rows = figure_rows(card, figures)
        return {
            "window": window,
            "figures": rows,
            "least_clear": least_clear(rows),
            "computed_at": figures[0].computed_at if figures else None,
            "changes": set(
                RubricChange.objects.filter(
                    scorecard=card, state=RubricChange.State.OPEN
                ).values_list("criterion_key", flat=True)
            ),
            **severity_context(severities),
            "people": people,
            "reviewer": reviewer,
            "may_certify": self.request.user.has_perm("qa.change_certification"),
            "certificates": certificate_rows(card, people),
            "exam_rule": exam_rule(),
            **(self._reviewer_context(card, reviewer, today) if reviewer else {}),
            **(drift_context(drifts, reviewer) if reviewer else {}),
        }

    def _people(self, card: Scorecard, severities: list[Any]) -> list[User]:
        """Who has scored lately with this card, or holds or held a certificate."""
        ids = {row.reviewer_id for row in severities}
        ids |= set(
            Certification.objects.filter(scorecard=card).values_list(
                "reviewer_id", flat=True
            )
        )
        ids |= set(selectors.gold_answers(card.pk))
        people = User.objects.filter(pk__in=ids, is_active=True)
        return list(people.order_by("first_name", "last_name", "pk"))

    def _reviewer_context(
        self, card: Scorecard, reviewer: User, today: date
    ) -> dict[str, Any]:
        user = self.request.user
        may_see_gold = user.has_perm("qa.view_goldticket") or user == reviewer
        against = self.request.GET.get("against", PEERS)
        against = GOLD if against == GOLD and may_see_gold else PEERS
        pairs = self._pairs(card, reviewer, against, today)
        return {
            "against": against,
            "may_see_gold": may_see_gold,
            "pairs": pairs,
            **comparison_context(pairs, reviewer, against),
        }

    def _pairs(
        self, card: Scorecard, reviewer: User, against: str, today: date
    ) -> list[tuple[int, float, float]]:
        """What this person may read: reviews of tickets they are still to score stay shut."""
        readable = reviews_visible_to(self.request.user)
        if against == GOLD:
            answers = selectors.gold_answers(
                card.pk, reviewer_id=reviewer.pk, readable=readable
            )
            return [
                (row.ticket, row.own, row.known) for row in answers.get(reviewer.pk, [])
            ]
        return selectors.peer_pairs(
            card.pk,
            reviewer.pk,
            selectors.first_day(today, selectors.WINDOW_DAYS),
            today,
            readable=readable,
        )


def chosen_reviewer(
    people: list[User], drifts: Mapping[int, Drift], named: str
) -> User | None:
    """Whom the address names by number, else who drifts furthest, else the first."""
    asked = [person for person in people if str(person.pk) == named]
    drifting = sorted(
        (each for each in people if each.pk in drifts and drifts[each.pk].is_drifting),
        key=lambda each: -drifts[each.pk].excess,
    )
    return next(iter(asked or drifting or people), None)


def figure_rows(
    card: Scorecard, figures: list[ReliabilityFigure]
) -> list[dict[str, Any]]:
    """Stored figures with their titles: of the total, then the worst criterion first.

    Marks the criteria that cannot be scored.
    """
    version = published_version(card.pk)
    titles = (
        {each.key: each.title for each in card_of(version).criteria()}
        if version
        else {}
    )
    rows = []
    for figure in figures:
        key = figure.criterion_key
        title = titles.get(key, key) if key else _title_of_total(figure.method)
        row = figure_row(
            {
                "method": figure.method,
                "criterion": key,
                "tickets": figure.tickets,
                "reviewers": figure.reviewers,
                "ratings": figure.ratings,
                "value": figure.value,
                "low": figure.low,
                "high": figure.high,
                "note": figure.note,
            },
            title,
        )
        row["is_unscorable"] = bool(
            key
            and figure.method == ReliabilityFigure.Method.ALPHA_ORDINAL
            and figure.high is not None
            and figure.high < WEAK
        )
        rows.append(row)
    alphas = _alphas(rows)
    return sorted(
        rows,
        key=lambda row: (
            bool(row["criterion"]),
            alphas.get(row["criterion"], inf),
            row["criterion"],
        ),
    )


def least_clear(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The row of the criterion with the lowest alpha, when there are two or more."""
    alphas = _alphas(rows)
    if len(alphas) < 2:
        return None
    worst = min(alphas, key=lambda key: alphas[key])
    return next(
        row for row in rows if row["criterion"] == worst and row["method"] == ORDINAL
    )


def _alphas(rows: list[dict[str, Any]]) -> dict[str, float]:
    return {
        row["criterion"]: row["value"]
        for row in rows
        if row["criterion"] and row["method"] == ORDINAL and row["value"] is not None
    }


def _title_of_total(method: str) -> str:
    if method in {"ALPHA_NOMINAL", "AC1"}:
        return _("Critical failure")
    return _("Total score")


def severity_context(severities: list[Any]) -> dict[str, Any]:
    rows = [
        {
            "row": row,
            "name": str(row.reviewer),
            "shown": signed(row.bias),
            "interval": interval(row.low, row.high),
            "verdict": selectors.verdict_of(row),
            "words": severity_words(selectors.verdict_of(row)),
        }
        for row in severities
    ]
    dots = [
        Dot(
            each["name"],
            each["row"].bias,
            each["row"].low,
            each["row"].high,
            each["verdict"],
        )
        for each in rows
    ]
    return {
        "severities": rows,
        "components": len({row.component for row in severities}),
        "severity_rule": severity_rule(),
        "severity_chart": caterpillar(
            dots,
            label=_("Points above or below the other reviewers, with 95 % intervals"),
            band=MIN_BIAS,
        )
        if rows
        else "",
    }


def comparison_context(
    pairs: list[tuple[int, float, float]], reviewer: User, against: str
) -> dict[str, Any]:
    """The Bland–Altman plot of a reviewer against peers or known answers, in words."""
    if len(pairs) < 2:
        return {"compared": None}
    own = [pair[1] for pair in pairs]
    other = [pair[2] for pair in pairs]
    found = bland_altman(own, other)
    points = [((a + b) / 2, a - b) for a, b in zip(own, other, strict=True)]
    lines = [(found.bias, "mean", signed(found.bias))]
    if len(pairs) >= MIN_TICKETS:
        lines += [
            (found.lower, "limit", signed(found.lower)),
            (found.upper, "limit", signed(found.upper)),
        ]
    label = (
        _("Difference of %(name)s from the known score, by mean of both")
        if against == GOLD
        else _("Difference of %(name)s from the other reviewers, by mean of both")
    ) % {"name": reviewer}
    return {
        "compared": {
            "bias": signed(found.bias),
            "sd": f"{found.sd:.1f}",
            "n": len(pairs),
            "limits": interval(found.lower, found.upper)
            if len(pairs) >= MIN_TICKETS
            else "",
            "rows": [
                {"ticket": t, "own": a, "other": b, "gap": signed(a - b)}
                for t, a, b in sorted(pairs, key=lambda p: -abs(p[1] - p[2]))
            ],
            "chart": scatter(
                points,
                lines=lines,
                label=label,
                x_label=_("mean of both, points"),
                y_label=_("difference, points"),
            ),
        }
    }


def drift_context(found: Mapping[int, Drift], reviewer: User) -> dict[str, Any]:
    """The chosen reviewer's drift chart, and who drifts at all."""
    drifting = User.objects.filter(
        pk__in=[pk for pk, each in found.items() if each.is_drifting]
    )
    series = found.get(reviewer.pk)
    if series is None:
        return {"drift": None, "drifting": list(drifting)}
    days = [date.fromordinal(int(day)) for day in series.starts]
    return {
        "drifting": list(drifting),
        "drift": {
            "is_drifting": series.is_drifting,
            "centre": signed(series.centre),
            "newest": signed(float(series.points[-1])),
            "rows": [
                {
                    "from": day,
                    "n": int(n),
                    "bias": signed(float(bias)) if n else "–",
                    "point": signed(float(point)),
                    "limits": interval(float(low), float(high)),
                    "is_out": bool(out),
                }
                for day, n, bias, point, low, high, out in zip(
                    days,
                    series.n,
                    series.bias,
                    series.points,
                    series.lower,
                    series.upper,
                    series.beyond,
                    strict=True,
                )
            ],
            "chart": control_chart(
                series.points.tolist(),
                series.lower.tolist(),
                series.upper.tolist(),
                series.beyond.tolist(),
                [date_format(day, "j M") for day in days],
                label=_("Smoothed bias of %(name)s by fortnight, with limits")
                % {"name": reviewer},
            ),
        },
    }


def certificate_rows(card: Scorecard, people: list[User]) -> list[dict[str, Any]]:
    """Each reviewer's certificate and how the exam stands."""
    newest: dict[int, Certification] = {}
    for row in Certification.objects.filter(scorecard=card).order_by(
        "granted_at", "pk"
    ):
        newest[row.reviewer_id] = row
    exams = certification.exams(card.pk)
    return [
        {
            "person": person,
            "certificate": newest.get(person.pk),
            "exam": exams.get(person.pk),
            "exam_bias": signed(exams[person.pk].bias) if person.pk in exams else "",
        }
        for person in people
    ]


def exam_rule() -> str:
    return _(
        "The exam: at least %(tickets)d gold tickets, on average within %(bias)d points "
        "of the known scores, and an alpha with them of %(alpha)s or more. A certificate "
        "holds %(days)d days and lapses earlier on drift."
    ) % {
        "tickets": certification.EXAM_TICKETS,
        "bias": certification.EXAM_BIAS,
        "alpha": certification.EXAM_ALPHA,
        "days": certification.VALID.days,
    }
