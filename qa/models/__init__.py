"""The nouns of quality."""

from qa.models.calibration import (
    CalibrationDecision,
    CalibrationItem,
    CalibrationSession,
    GoldTicket,
    Participant,
    RubricChange,
)
from qa.models.disputes import Dispute, DisputeLine
from qa.models.reliability import (
    Certification,
    ReliabilityFigure,
    ReviewerSeverity,
)
from qa.models.reviews import Answer, Pin, Review, ReviewEvent
from qa.models.sampling import SampleItem, SamplingDraw, SamplingPlan
from qa.models.scorecards import RootCause, Scorecard, ScorecardVersion

__all__ = [
    "Answer",
    "CalibrationDecision",
    "CalibrationItem",
    "CalibrationSession",
    "Certification",
    "Dispute",
    "DisputeLine",
    "GoldTicket",
    "Participant",
    "Pin",
    "ReliabilityFigure",
    "Review",
    "ReviewEvent",
    "ReviewerSeverity",
    "RootCause",
    "RubricChange",
    "SampleItem",
    "SamplingDraw",
    "SamplingPlan",
    "Scorecard",
    "ScorecardVersion",
]
