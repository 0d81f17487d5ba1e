"""The assistant's writes. Call as ``assistant.verb(...)``, keyword arguments only."""

from kb.services.assistant.asking import ask
from kb.services.assistant.ending import close_left, leave
from kb.services.assistant.handing_over import hand_over
from kb.services.assistant.judging import judge, withdraw_judgement
from kb.services.assistant.refusals import (
    AddressRefused,
    ConversationRefused,
    JudgementRefused,
    QuestionRefused,
    RulesRefused,
)
from kb.services.assistant.rules import CentreWords, RulesContent, save_rules

__all__ = [
    "AddressRefused",
    "CentreWords",
    "ConversationRefused",
    "JudgementRefused",
    "QuestionRefused",
    "RulesContent",
    "RulesRefused",
    "ask",
    "close_left",
    "hand_over",
    "judge",
    "leave",
    "save_rules",
    "withdraw_judgement",
]
