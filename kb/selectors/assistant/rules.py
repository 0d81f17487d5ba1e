"""The one row of rules."""

from kb.models import AssistantRules


def current_rules() -> AssistantRules:
    """Return the rules in force; the defaults, not stored, where no row is."""
    rows = AssistantRules.objects.select_related("calendar").order_by("pk")
    return rows.first() or AssistantRules()
