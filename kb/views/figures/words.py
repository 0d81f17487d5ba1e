"""What is known about deflection, in sentences."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kb.core.deflection import SMALLEST_ARM, Finding
from kb.selectors.figures.holdout import WANTED, Measured

CHIPS = {
    Finding.NO_FORMS: "idle",
    Finding.NO_HOLD_OUT: "watch",
    Finding.TOO_FEW: "idle",
    Finding.FEWER_TICKETS: "ok",
    Finding.NO_DIFFERENCE_SEEN: "watch",
    Finding.MORE_TICKETS: "late",
}


def heading(found: Measured) -> str:
    """The finding in a few words."""
    return {
        Finding.NO_FORMS: _("Nobody opened the form"),
        Finding.NO_HOLD_OUT: _("Nothing to compare with"),
        Finding.TOO_FEW: _("Too few visitors yet"),
        Finding.FEWER_TICKETS: _("Suggestions prevent tickets"),
        Finding.NO_DIFFERENCE_SEEN: _("No difference can be told from chance"),
        Finding.MORE_TICKETS: _("More tickets come with suggestions"),
    }[found.result.finding]


def known(found: Measured) -> str:
    """What can be said about suggestions, with its interval."""
    result = found.result
    numbers = {
        "effect": _points(result.effect),
        "low": _points(result.lower),
        "high": _points(result.upper),
        "tickets": _whole(result.prevented),
        "tickets_low": _whole(result.prevented_lower),
        "tickets_high": _whole(result.prevented_upper),
        "shown": _whole(result.shown_forms),
        "held_out": _whole(result.held_out_forms),
        "smallest": SMALLEST_ARM,
    }
    return {
        Finding.NO_FORMS: _("No visitor opened the ticket form in this period."),
        Finding.NO_HOLD_OUT: _(
            "All %(shown)s visitors saw suggestions, so what they prevent cannot be "
            "measured. Hide them from a small share of the forms: the rules of the "
            "assistant say how many."
        ),
        Finding.TOO_FEW: _(
            "%(shown)s visitors saw suggestions and %(held_out)s did not; a finding "
            "takes %(smallest)s in each group."
        ),
        Finding.FEWER_TICKETS: _(
            "Of 100 visitors of the form, %(effect)s fewer send a ticket because of "
            "suggestions; between %(low)s and %(high)s fit what was seen. In this period "
            "that is %(tickets)s tickets (%(tickets_low)s to %(tickets_high)s)."
        ),
        Finding.NO_DIFFERENCE_SEEN: _(
            "Between %(low)s and %(high)s of 100 visitors fit what was seen: "
            "suggestions may prevent tickets, do nothing, or add some."
        ),
        Finding.MORE_TICKETS: _(
            "Visitors who see suggestions send more tickets, not fewer: the difference "
            "lies between %(low)s and %(high)s of 100. Look at what is suggested."
        ),
    }[result.finding] % numbers


def power(found: Measured) -> str:
    """What so many visitors could show; empty where nothing can be said."""
    parts = []
    if found.smallest is not None:
        parts.append(
            _(
                "With %(n)s visitors, a drop of %(smallest)s of 100 or more would be "
                "seen four times out of five."
            )
            % {"n": _whole(found.visitors), "smallest": _points(found.smallest)}
        )
    elif found.result.effect is not None:
        parts.append(_("With so few visitors, no drop at all would be seen for sure."))
    if found.needed is not None:
        parts.append(
            _("To see a drop of %(wanted)s of 100 takes about %(needed)s visitors.")
            % {"wanted": _points(WANTED), "needed": _whole(found.needed)}
        )
    return " ".join(parts)


def split(found: Measured) -> str:
    """Whether the groups are as large as planned; empty without visitors or a plan."""
    if found.p_value is None:
        return ""
    numbers = {
        "planned": _points(found.planned),
        "came": _points(found.held_out.n / found.visitors),
        "p": _p(found.p_value),
    }
    if found.is_uneven:
        return (
            _(
                "%(came)s %% were held out where %(planned)s %% were planned (p = %(p)s): "
                "the drawing or the counting is broken, or the share was changed in the "
                "period. Do not trust the figures until that is known."
            )
            % numbers
        )
    return (
        _(
            "%(came)s %% were held out, %(planned)s %% are planned: chance explains the "
            "difference (p = %(p)s)."
        )
        % numbers
    )


def _points(value: float | None) -> str:
    """Points of 100, to a tenth where it is not whole."""
    if value is None:
        return ""
    rounded = round(100 * value, 1)
    return number_format(rounded, 0 if rounded % 1 == 0 else 1)


def _whole(value: float | None) -> str:
    return "" if value is None else number_format(round(value), 0, force_grouping=True)


def _p(value: float) -> str:
    places = 3 if value >= 0.001 else 6
    return number_format(round(value, places), places)
