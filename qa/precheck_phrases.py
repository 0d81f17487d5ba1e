"""What a pre-check found, in a sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from supportops.common.durations import counted

WHY: Mapping[tuple[str, str], Promise] = {
    ("greeting", "by_name"): gettext_lazy("The first reply greets %(name)s by name."),
    ("greeting", "no_name"): gettext_lazy(
        "The first reply greets, without the customer's name."
    ),
    ("greeting", "name_unknown"): gettext_lazy(
        "The first reply greets; the customer's name is not known."
    ),
    ("greeting", "other_name"): gettext_lazy(
        "The first reply greets “%(name)s”, which is not the customer's name here."
    ),
    ("greeting", "no_greeting"): gettext_lazy(
        "The first reply starts without a greeting."
    ),
    ("restated", "shares_words"): gettext_lazy(
        "The first reply takes up the question: %(words)s."
    ),
    ("restated", "shares_none"): gettext_lazy(
        "The first reply shares no word with the question."
    ),
    ("restated", "weak_sign"): gettext_lazy(
        "The first reply shares some words with the question, but says it back nowhere."
    ),
    ("restated", "no_opening"): gettext_lazy("The customer wrote nothing here."),
    ("restated", "opening_too_short"): gettext_lazy(
        "The question is too short to compare with."
    ),
    ("next_steps", "promise"): gettext_lazy("The last reply says what happens next."),
    ("next_steps", "instruction"): gettext_lazy("The last reply says what to do."),
    ("next_steps", "question"): gettext_lazy("The last reply asks something."),
    ("next_steps", "only_invites"): gettext_lazy(
        "The last reply only invites further questions."
    ),
    ("next_steps", "no_step"): gettext_lazy(
        "The last reply neither promises, asks nor explains what to do."
    ),
    ("categorised", "filed"): gettext_lazy("Filed under %(category)s."),
    ("categorised", "catch_all"): gettext_lazy(
        "Filed under %(category)s, which says nothing about it."
    ),
    ("categorised", "no_category"): gettext_lazy("The ticket has no category."),
    ("tone", "kind"): gettext_lazy("Thanks or sympathy, and no word of blame."),
    ("tone", "harsh"): gettext_lazy("A word that may read as blame or shouting."),
    ("tone", "neutral"): gettext_lazy("Neither thanks nor blame."),
    ("handle_time", "usual"): gettext_lazy(
        "Resolved in %(taken)s; usual for the category: %(usual)s (n = %(n)s)."
    ),
    ("handle_time", "longer"): gettext_lazy(
        "Resolved in %(taken)s, longer than usual: %(usual)s (n = %(n)s)."
    ),
    ("handle_time", "much_longer"): gettext_lazy(
        "Resolved in %(taken)s, over twice the usual %(usual)s (n = %(n)s)."
    ),
    ("handle_time", "time_unknown"): gettext_lazy("No resolution time is known."),
    ("handle_time", "few_to_compare"): gettext_lazy(
        "Too few tickets of the category to compare with (n = %(n)s)."
    ),
}
ANY_RULE: Mapping[str, Promise] = {
    "no_reply": gettext_lazy("The agent wrote no public reply."),
    "other_language": gettext_lazy("Not in English, which is all the rule can read."),
}


def why(finding: Mapping[str, Any]) -> str:
    """Return the sentence of a stored finding."""
    reason = finding["reason"]
    sentence = WHY.get((finding["rule"], reason)) or ANY_RULE.get(reason)
    values = {
        name: counted(value) if name in {"taken", "usual"} else value
        for name, value in finding.get("values", {}).items()
    }
    return str(sentence) % values if sentence else str(reason)
