"""The names behind the codes in policy definitions."""

from sla.core.policy import PolicyDefinition
from sla.phrases import Names
from tickets.models import Channel, CustomerTier, Organisation


def tier_names() -> dict[str, str]:
    """Tier codes to names, served first to last."""
    rows = CustomerTier.objects.order_by("rank", "code")
    return dict(rows.values_list("code", "name"))


def names_of(*definitions: PolicyDefinition) -> Names:
    """The names that sentences about these definitions need: three queries at most."""
    organisations = {
        pk
        for definition in definitions
        for pk in definition.conditions.get("organisation", ())
    }
    channels: dict[str, str] = {}
    if any("channel" in definition.conditions for definition in definitions):
        channels = dict(Channel.objects.values_list("code", "name"))
    named: dict[int, str] = {}
    if organisations:
        rows = Organisation.objects.filter(pk__in=organisations)
        named = dict(rows.values_list("pk", "name"))
    return Names(tiers=tier_names(), channels=channels, organisations=named)
