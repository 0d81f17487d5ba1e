"""Why a step of a calibration may be refused."""

from supportops.common.errors import OperationRefused


class CalibrationStateWrong(OperationRefused):
    code = "calibration_state_wrong"


class NotYourCalibration(OperationRefused):
    code = "not_your_calibration"


class VersionNotPublished(OperationRefused):
    code = "version_not_published"


class NoTickets(OperationRefused):
    code = "calibration_without_tickets"


class TicketWithoutAgent(OperationRefused):
    code = "ticket_without_agent"


class TooFewParticipants(OperationRefused):
    code = "too_few_participants"


class ParticipantUnfit(OperationRefused):
    code = "participant_unfit"


class BaselineMissing(OperationRefused):
    code = "baseline_missing"


class DueInThePast(OperationRefused):
    code = "due_in_the_past"


class TooFewFinished(OperationRefused):
    code = "too_few_finished"


class DecisionIncomplete(OperationRefused):
    code = "decision_incomplete"


class Undecided(OperationRefused):
    code = "undecided"


class ReasonMissing(OperationRefused):
    code = "reason_missing"
