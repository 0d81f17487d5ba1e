"""What the assistant refuses."""

from supportops.common.errors import OperationRefused


class QuestionRefused(OperationRefused):
    """There is no question, or it is too long."""

    code = "assistant_question_refused"


class ConversationRefused(OperationRefused):
    """The talk is not this visitor's, or it is over."""

    code = "assistant_conversation_refused"


class AddressRefused(OperationRefused):
    """What was given is no e-mail address."""

    code = "assistant_address_refused"


class JudgementRefused(OperationRefused):
    """There is nothing to judge, or not for this one."""

    code = "assistant_judgement_refused"


class RulesRefused(OperationRefused):
    """The rules cannot be these."""

    code = "assistant_rules_refused"
