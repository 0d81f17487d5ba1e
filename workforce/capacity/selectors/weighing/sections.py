"""The sections of a decision record that weigh: options, scenarios, criteria, segments."""

from django.utils.translation import gettext_lazy as _

from workforce.capacity.models import Decision
from workforce.capacity.selectors.decisions.sections import COSTS, Section, register
from workforce.capacity.selectors.weighing import (
    criteria,
    live,  # noqa: F401 -- registers what inputs can be read from
    options,
    segments,
)

_LOAD = frozenset({Decision.Kind.BALANCING.value})
_SEGMENTS = frozenset({Decision.Kind.SEGMENTS.value})

register(
    Section(
        key="segments",
        title=_("Segments and how capacity is shared out"),
        prompt=_(
            "Which groups of customers have a claim, what are they worth, how likely do "
            "they leave, and what do contracts promise them?"
        ),
        facts=segments.segments_facts,
        load=segments.segments,
        missing=segments.segments_missing,
        kinds=_SEGMENTS,
    ),
    after="inputs",
)
register(
    Section(
        key="options",
        title=_("Options and what they bring"),
        prompt=_(
            "Two to five options, each a channel mix, a number of people and an "
            "automation coverage; the first is usually how it is done today."
        ),
        facts=options.options_facts,
        load=options.options,
        kinds=_LOAD,
        partly=COSTS,
        redact=options.without_costs,
    ),
    after="inputs",
)
register(
    Section(
        key="flip",
        title=_("Scenario ranges and where the preference flips"),
        prompt=_(
            "Give inputs a range, then compute the options: this shows the points at "
            "which another option becomes cheaper or faster."
        ),
        facts=options.flip_facts,
        load=options.flip,
        kinds=_LOAD,
        is_editable=False,
        partly=COSTS,
        redact=options.flip_without_costs,
    ),
    after="options",
)
register(
    Section(
        key="criteria",
        title=_("Decision criteria"),
        prompt=_(
            "What counts, and how much? Figures of the options are read; the rest is "
            "graded by hand from 0 to 10."
        ),
        facts=criteria.criteria_facts,
        load=criteria.criteria,
        kinds=_LOAD,
        partly=COSTS,
        redact=criteria.without_costs,
    ),
    after="risks",
)
