"""The nouns of coaching."""

from qa.coaching.models.audits import AuditLine, MetricAudit
from qa.coaching.models.plans import (
    ImprovementPlan,
    Milestone,
    PlanAccess,
    Signature,
)
from qa.coaching.models.recognition import Recognition, Vote
from qa.coaching.models.sessions import (
    CoachingPoint,
    CoachingSession,
    Goal,
    Playbook,
)

__all__ = [
    "AuditLine",
    "CoachingPoint",
    "CoachingSession",
    "Goal",
    "ImprovementPlan",
    "MetricAudit",
    "Milestone",
    "PlanAccess",
    "Playbook",
    "Recognition",
    "Signature",
    "Vote",
]
