"""Template tags of coaching."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qa.coaching.core.audits import Agreement
from supportops.metrics.catalogue import Unit
from supportops.metrics.display import value_text

register = template.Library()


@register.simple_tag
def agreement_words(agreement: Agreement) -> str | SafeString:
    """Write how often a person agrees, with n and the interval."""
    interval = agreement.interval
    if interval is None:
        return _("no verdict yet")
    return format_html(
        '<b>{}</b><br><span class="so-note">{}</span>',
        value_text(agreement.share, Unit.SHARE),
        _("95 %% interval %(low)s to %(high)s, n = %(n)d")
        % {
            "low": value_text(interval[0], Unit.SHARE),
            "high": value_text(interval[1], Unit.SHARE),
            "n": agreement.judged,
        },
    )
