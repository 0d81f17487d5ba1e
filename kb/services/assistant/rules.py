"""The rules of self-service, and who changed them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kb.models import AssistantRules
from kb.models.assistant import CHOICE_LENGTH, NAME_LENGTH, WELCOME_LENGTH
from kb.selectors.help.centre import forget_centre
from kb.selectors.help.languages import other_languages
from kb.services.assistant.refusals import RulesRefused
from kb.services.signing import sign
from sla.models import Calendar
from workforce.people.models import User


class CentreWords(NamedTuple):
    """What the help centre is called in another language, and what else it says.

    ``kinds`` and ``parts`` are what the ticket form calls kinds of requests and parts of
    the product, by the key of the category and of the product area.
    """

    name: str = ""
    welcome: str = ""
    kinds: Mapping[int, str] = MappingProxyType({})
    parts: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RulesContent:
    """Rules as somebody wants them. Shares lie between 0 and 1."""

    is_on: bool
    mode: str
    threshold: Decimal
    precision: Decimal
    skips_vip: bool
    calendar: Calendar | None
    holdout: Decimal
    name: str = ""
    welcome: str = ""
    # By language: what is not written, and a language left out, is shown as above.
    translations: Mapping[str, CentreWords] = field(default_factory=dict)


@transaction.atomic
def save_rules(
    *, content: RulesContent, actor: User | None, at: datetime, reason: str = ""
) -> AssistantRules:
    """Change the rules and keep the former ones; equal rules write nothing.

    Raises ``RulesRefused``.
    """
    rules = AssistantRules.objects.select_for_update().order_by("pk").first()
    rules = rules or AssistantRules()
    values = {
        "name": " ".join(content.name.split()),
        "welcome": " ".join(content.welcome.split()),
        "translations": _translations(content.translations),
        "is_on": content.is_on,
        "mode": content.mode,
        "threshold": content.threshold,
        "precision": content.precision,
        "skips_vip": content.skips_vip,
        "calendar": content.calendar,
        "holdout": content.holdout,
    }
    if rules.pk and all(getattr(rules, key) == value for key, value in values.items()):
        return rules
    for key, value in values.items():
        setattr(rules, key, value)
    _refuse_impossible(rules)
    history: Any = rules
    history._change_reason = reason.strip()[:100]  # noqa: SLF001 -- simple-history's hook
    sign(rules, actor=actor, at=at)
    rules.save()
    transaction.on_commit(forget_centre)
    return rules


def _translations(given: Mapping[str, CentreWords]) -> dict[str, dict[str, Any]]:
    """Return what is written, by language. Raises ``RulesRefused``."""
    known = dict(other_languages())
    found: dict[str, dict[str, Any]] = {}
    for language, words in given.items():
        if language not in known:
            raise RulesRefused(_("The help centre has no words in this language."))
        name, welcome = " ".join(words.name.split()), " ".join(words.welcome.split())
        if len(name) > NAME_LENGTH or len(welcome) > WELCOME_LENGTH:
            raise RulesRefused(
                _("A name has up to %(name)s characters, a welcome up to %(welcome)s.")
                % {"name": NAME_LENGTH, "welcome": WELCOME_LENGTH}
            )
        written = {
            "name": name,
            "welcome": welcome,
            "kinds": _choices(words.kinds),
            "parts": _choices(words.parts),
        }
        if any(written.values()):
            found[language] = {key: text for key, text in written.items() if text}
    return found


def _choices(given: Mapping[int, str]) -> dict[str, str]:
    """Return what choices are called, by their key as JSON has it."""
    names = {str(key): " ".join(name.split()) for key, name in given.items()}
    if any(len(name) > CHOICE_LENGTH for name in names.values()):
        raise RulesRefused(
            _("What a choice is called has up to %(limit)d characters.")
            % {"limit": CHOICE_LENGTH}
        )
    return {key: name for key, name in sorted(names.items()) if name}


def _refuse_impossible(rules: AssistantRules) -> None:
    is_measured = rules.mode == AssistantRules.Mode.PRECISION
    if is_measured and not 0 < rules.precision < 1:
        raise RulesRefused(
            _("No number of answers shows a precision of 0 % or 100 %. Choose between.")
        )
    try:
        rules.full_clean()
    except ValidationError as error:
        raise RulesRefused(" ".join(error.messages)) from error
