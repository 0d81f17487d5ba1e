"""How a promise looks in a list: metric, time left, and a bar of what is used up."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sla.models import SlaClock
from supportops.common.durations import counted, spoken
from supportops.common.templatetags.times import exact


def tone(fraction: float | None, *, paused: bool) -> str:
    """Name the colour of a used-up share: the thresholds at which people are told."""
    if paused or fraction is None:
        return "idle"
    if fraction >= 1:
        return "late"
    return "watch" if fraction >= 0.8 else "ok"


def time_left(clock: SlaClock, at: datetime) -> str:
    """Say in words how long a promise still has, or by how much it is missed."""
    if clock.state == SlaClock.State.PAUSED:
        left = max(0, (clock.target_seconds or 0) - clock.elapsed_seconds)
        return _("paused, %(time)s left") % {"time": counted(left)}
    if clock.due_at is None:
        return _("no promise")
    seconds = (clock.due_at - at).total_seconds()
    words = _("in %(time)s") if seconds >= 0 else _("%(time)s late")
    return words % {"time": spoken(seconds)}


def promise_cell(
    clock: SlaClock | None, share: float | None, *, at: datetime
) -> SafeString | str:
    """Show the next promise of a ticket, and the share used up, in a table cell."""
    if clock is None:
        return "–"
    paused = clock.state == SlaClock.State.PAUSED
    colour = tone(share, paused=paused)
    percent = min(100, round(100 * share)) if share is not None else 0
    return format_html(
        '<div title="{}"><span class="so-chip {}">{}</span> {}'
        '<div class="so-bar {} mt-1" role="img" aria-label="{}">'
        '<span style="width:{}%"></span></div></div>',
        exact(clock.due_at) if clock.due_at else "",
        colour,
        time_left(clock, at),
        clock.get_metric_display(),
        colour,
        _("%(percent)d %% of the time is used") % {"percent": percent},
        percent,
    )
