"""Who may score for real: certificates granted, earned by exam, lapsed, withdrawn.

The exam: the first reviews of at least ``EXAM_TICKETS`` gold tickets since the last
certificate ended, whose totals lie on average within ``EXAM_BIAS`` points of the known
ones and agree with them at ``EXAM_ALPHA`` (Krippendorff, interval) or more. Ten tickets
are a pass mark, not a measurement: what is measured is the severity of every quarter,
and a certificate lapses on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core.agreement import krippendorff_alpha
from qa.models import Certification, Scorecard
from qa.models.scorecards import ScorecardVersion
from qa.selectors import reliability as selectors
from qa.selectors.reliability import GoldAnswer
from qa.services.calibration.refusals import ReasonMissing
from supportops.common.errors import OperationRefused
from supportops.notifications import services as notifications
from supportops.notifications.models import Kind
from workforce.people.models import User

EXAM_TICKETS = 10
EXAM_BIAS = 5.0
EXAM_ALPHA = 0.67
VALID = timedelta(days=180)
SETTLING = timedelta(days=30)
"""After granting, before drift can end a certificate: the quarter's figure is of before."""

State = Certification.State
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class CertificateExists(OperationRefused):
    code = "certificate_exists"


class CertificateEnded(OperationRefused):
    code = "certificate_ended"


class ReviewerUnfit(OperationRefused):
    code = "reviewer_unfit"


@dataclass(frozen=True)
class Exam:
    """What a reviewer's gold reviews come to. ``alpha`` is None where undefined."""

    tickets: int
    bias: float | None
    alpha: float | None

    @property
    def is_complete(self) -> bool:
        return self.tickets >= EXAM_TICKETS

    @property
    def is_passed(self) -> bool:
        return (
            self.is_complete
            and self.bias is not None
            and abs(self.bias) <= EXAM_BIAS
            and self.alpha is not None
            and self.alpha >= EXAM_ALPHA
        )

    def evidence(self) -> dict[str, Any]:
        return {"exam": True, **vars(self)}


def exams(scorecard_id: int) -> dict[int, Exam]:
    """Return how each reviewer's gold reviews since their last certificate have gone."""
    ended = selectors.ends_of_certificates(scorecard_id)
    return {
        reviewer: _exam(
            [row for row in rows if row.at > ended.get(reviewer, BEGINNING)]
        )
        for reviewer, rows in selectors.gold_answers(scorecard_id).items()
    }


def _exam(answers: Sequence[GoldAnswer]) -> Exam:
    if not answers:
        return Exam(0, None, None)
    own = np.array([row.own for row in answers])
    known = np.array([row.known for row in answers])
    alpha = float(krippendorff_alpha(np.array([own, known]), "interval"))
    return Exam(
        len(answers),
        round(float((own - known).mean()), 2),
        round(alpha, 3) if np.isfinite(alpha) else None,
    )


@transaction.atomic
def grant(
    *,
    scorecard_id: int,
    reviewer: User,
    actor: User | None,
    at: datetime,
    evidence: dict[str, Any] | None = None,
) -> Certification:
    """Certify a reviewer for 180 days; ``actor`` is None when an exam does.

    Raises ``ReviewerUnfit`` for somebody who may not score, ``CertificateExists``.
    """
    if not reviewer.has_perm("qa.score_review"):
        raise ReviewerUnfit(
            _("%(name)s may not score reviews. Give the role first.")
            % {"name": reviewer}
        )
    # One after the other: the second of two at once sees the first's certificate.
    card = Scorecard.objects.select_for_update().get(pk=scorecard_id)
    valid = Certification.objects.filter(
        scorecard=card, reviewer=reviewer, state=State.CERTIFIED
    )
    if valid.exists():
        raise CertificateExists(
            _("%(name)s is certified already. Withdraw the certificate first.")
            % {"name": reviewer}
        )
    certificate = Certification.objects.create(
        scorecard=card,
        reviewer=reviewer,
        granted_by=actor,
        granted_at=at,
        valid_until=at + VALID,
        evidence=evidence or {},
    )
    _tell(
        certificate,
        title=_("You are certified for “%(card)s”") % {"card": card.name},
        body=_("You may score for real until %(day)s.")
        % {"day": f"{certificate.valid_until:%d %b %Y}"},
        at=at,
    )
    return certificate


@transaction.atomic
def revoke(
    *, certification_id: int, actor: User, reason: str, at: datetime
) -> Certification:
    """Withdraw a certificate. Raises ``ReasonMissing`` or ``CertificateEnded``."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the certificate is withdrawn."))
    return _end(certification_id, State.REVOKED, reason.strip(), at)


def review_certificates(*, at: datetime) -> dict[str, int]:
    """End certificates that are past their date or whose holder drifts; grant by exam.

    Safe to run twice and twice at once.
    """
    counts = {"lapsed": 0, "granted": 0}
    valid = Certification.objects.filter(state=State.CERTIFIED)
    for certificate in valid.select_related("reviewer").order_by("pk"):
        reason = _why_lapsed(certificate, at)
        if reason:
            try:
                _end(certificate.pk, State.LAPSED, reason, at)
            except CertificateEnded:
                continue
            counts["lapsed"] += 1
    for scorecard_id, reviewer, exam in _passed():
        try:
            grant(
                scorecard_id=scorecard_id,
                reviewer=reviewer,
                actor=None,
                at=at,
                evidence=exam.evidence(),
            )
        except (CertificateExists, ReviewerUnfit):
            continue
        counts["granted"] += 1
    return counts


def _why_lapsed(certificate: Certification, at: datetime) -> str:
    if certificate.valid_until <= at:
        return _("Its date has passed.")
    row = selectors.newest_severities(certificate.scorecard_id).filter(
        reviewer_id=certificate.reviewer_id
    )
    newest = row.first()
    settled: date = (certificate.granted_at + SETTLING).date()
    if newest is None or newest.ends_on < settled:
        return ""
    if not selectors.verdict_of(newest):
        return ""
    return _(
        "Drift: %(bias)s points from the others, 95 %% interval %(low)s to %(high)s."
    ) % {
        "bias": f"{newest.bias:+.1f}",
        "low": f"{newest.low:.1f}",
        "high": f"{newest.high:.1f}",
    }


def _passed() -> list[tuple[int, User, Exam]]:
    """Reviewers who have passed the exam of a scorecard in use and hold no certificate."""
    cards = Scorecard.objects.filter(
        versions__state=ScorecardVersion.State.PUBLISHED
    ).order_by("pk")
    found = []
    for pk in cards.values_list("pk", flat=True):
        holders = selectors.certified(pk)
        passed = {
            reviewer: exam
            for reviewer, exam in exams(pk).items()
            if exam.is_passed and reviewer not in holders
        }
        people = User.objects.filter(pk__in=passed, is_active=True).order_by("pk")
        found += [(pk, person, passed[person.pk]) for person in people]
    return found


@transaction.atomic
def _end(certification_id: int, state: str, reason: str, at: datetime) -> Certification:
    certificate = (
        Certification.objects.select_for_update(of=("self",))
        .select_related("scorecard", "reviewer")
        .get(pk=certification_id)
    )
    if certificate.state != State.CERTIFIED:
        raise CertificateEnded(
            _("This certificate has ended already: “%(state)s”.")
            % {"state": certificate.get_state_display()}
        )
    certificate.state, certificate.ended_at = state, at
    certificate.ended_reason = reason[:300]
    certificate.save(update_fields=["state", "ended_at", "ended_reason"])
    needed = ngettext(
        "Score %(count)d gold ticket again to earn it back.",
        "Score %(count)d gold tickets again to earn it back.",
        EXAM_TICKETS,
    ) % {"count": EXAM_TICKETS}
    _tell(
        certificate,
        title=_("Your certificate for “%(card)s” has ended")
        % {"card": certificate.scorecard.name},
        body=f"{reason} {needed}",
        at=at,
    )
    return certificate


def _tell(certificate: Certification, *, title: str, body: str, at: datetime) -> None:
    notifications.notify(
        recipients=[certificate.reviewer],
        kind=Kind.CERTIFICATE,
        dedup_key=f"certificate-{certificate.state}:{certificate.pk}",
        title=title,
        body=body,
        url=reverse("admin:index"),
        at=at,
    )
