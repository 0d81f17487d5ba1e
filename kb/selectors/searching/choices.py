"""What somebody who looks after the search may choose from."""

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from kb.selectors.readers import ANYBODY, STAFF, Audience
from kb.selectors.searching.held import current
from tickets.models import CustomerTier

PUBLIC, INTERNAL, TIER = "public", "internal", "tier-"


def audiences(*, may_read_internal: bool) -> dict[str, tuple[str, Audience]]:
    """Return whose eyes a search can be tried with: a word for each, a name, the audience.

    Who may not read internal articles tries with public eyes only. One query.
    """
    found = {PUBLIC: (_("Everybody"), ANYBODY)}
    if may_read_internal:
        found[INTERNAL] = (_("Staff"), STAFF)
        for pk, name in CustomerTier.objects.order_by("rank", "name").values_list(
            "pk", "name"
        ):
            label = _("Customers of %(tier)s") % {"tier": name}
            found[f"{TIER}{pk}"] = (label, Audience(tier_ids=frozenset({pk})))
    return found


def languages() -> list[tuple[str, str]]:
    """Return the languages of the portal and of its published articles, with their names."""
    used = {entry.language for entry in current().entries.values()}
    codes = dict.fromkeys([*dict(settings.ARTICLE_LANGUAGES), *sorted(used)])
    return [(code, language_name(code)) for code in codes]


def language_name(code: str) -> str:
    """Return the language's name in itself; the code where Django knows none."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code
