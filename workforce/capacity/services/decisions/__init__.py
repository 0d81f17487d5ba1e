"""Every write to decisions: drafts and sections, approvals, evidence, triggers."""

from workforce.capacity.services.decisions.evidence import (
    add_evidence,
    complete_review,
    refresh_inputs,
    write_reading,
)
from workforce.capacity.services.decisions.life import (
    answer_approval,
    missing_parts,
    propose,
    reopen,
    retire,
)
from workforce.capacity.services.decisions.parts import register_writer
from workforce.capacity.services.decisions.refusals import (
    ApprovalAnswered,
    ApproversRefused,
    CrossingsNotAccepted,
    DecisionIncomplete,
    DecisionNotYours,
    DecisionPartInvalid,
    DecisionReasonMissing,
    DecisionWrongState,
    InputsNotAccepted,
    StaleDecision,
)
from workforce.capacity.services.decisions.watching import check_triggers, remind
from workforce.capacity.services.decisions.writing import create_decision, save_part
from workforce.capacity.services.weighing import parts as _weighing  # noqa: F401 -- registers

__all__ = [
    "ApprovalAnswered",
    "ApproversRefused",
    "CrossingsNotAccepted",
    "DecisionIncomplete",
    "DecisionNotYours",
    "DecisionPartInvalid",
    "DecisionReasonMissing",
    "DecisionWrongState",
    "InputsNotAccepted",
    "StaleDecision",
    "add_evidence",
    "answer_approval",
    "check_triggers",
    "complete_review",
    "create_decision",
    "missing_parts",
    "propose",
    "refresh_inputs",
    "register_writer",
    "remind",
    "reopen",
    "retire",
    "save_part",
    "write_reading",
]
