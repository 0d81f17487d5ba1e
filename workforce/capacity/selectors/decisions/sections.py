"""The sections of a decision record, in the order of the document.

The page, the print and the versions are made of these alone. Another part of capacity
adds one with ``register``: it gives what was decided (``facts``), what is shown
(``load``, plain values only) and a template under ``capacity/decisions/parts/``, which
reads ``data``. How a section is edited is registered in ``forms.decisions`` and
``services.decisions``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workforce.capacity.models import Decision
from workforce.capacity.selectors.decisions import loaders, trigger_rows
from workforce.people.models import User

Facts = Callable[[Decision], dict[str, str]]
Load = Callable[[Decision, User | None, datetime], dict[str, Any]]
COSTS = "capacity.view_costs"
ALL_KINDS = frozenset(Decision.Kind.values)


def _nothing_missing(decision: Decision, at: datetime) -> list[str]:
    return []


def _unchanged(data: dict[str, Any]) -> dict[str, Any]:
    return data


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section.

    ``facts(decision)`` maps labels to texts: history compares them, so live figures stay
    out. ``load(decision, reader, at)`` returns values that JSON knows; the reader is
    ``None`` for the version that is kept. ``missing(decision, at)`` says in words what
    keeps the decision from being proposed. ``permission`` hides a section from readers
    without it, in versions too; readers without ``partly`` get what ``redact`` leaves of
    it. ``prompt`` is shown while nothing is written.
    """

    key: str
    title: str | Promise
    prompt: str | Promise
    facts: Facts
    load: Load
    missing: Callable[[Decision, datetime], list[str]] = _nothing_missing
    kinds: frozenset[str] = ALL_KINDS
    is_editable: bool = True
    permission: str = ""
    partly: str = ""
    redact: Callable[[dict[str, Any]], dict[str, Any]] = _unchanged
    template: str = field(default="")

    def __post_init__(self) -> None:
        if not self.template:
            template = f"capacity/decisions/parts/{self.key}.html"
            object.__setattr__(self, "template", template)

    def is_open_to(self, user: User | None) -> bool:
        return not self.permission or user is None or user.has_perm(self.permission)

    def is_whole_to(self, user: User | None) -> bool:
        """Tell whether a reader sees all of it."""
        is_whole = not self.partly or user is None or user.has_perm(self.partly)
        return is_whole and self.is_open_to(user)

    def seen_by(self, user: User | None, data: dict[str, Any]) -> dict[str, Any]:
        """Return what a reader sees of the section's data."""
        return data if self.is_whole_to(user) else self.redact(data)


_sections: list[Section] = []


def register(section: Section, *, after: str = "") -> Section:
    """Add a section behind another one, or at the end. A key means one section only."""
    if any(held.key == section.key for held in _sections):
        raise ValueError(f"two sections claim the key {section.key!r}")
    keys = [held.key for held in _sections]
    _sections.insert(keys.index(after) + 1 if after else len(keys), section)
    return section


def section(key: str) -> Section:
    """Return a section, or raise ``KeyError``."""
    for held in _sections:
        if held.key == key:
            return held
    raise KeyError(key)


def sections_of(decision: Decision, user: User | None = None) -> list[Section]:
    """The sections of a decision of this kind that a reader may see."""
    return [
        held
        for held in _sections
        if decision.kind in held.kinds and held.is_open_to(user)
    ]


def readable(
    stored: Iterable[dict[str, Any]], user: User | None
) -> list[dict[str, Any]]:
    """Keep the sections of a stored version that a reader may see, with templates."""
    known = {held.key: held for held in _sections}
    return [
        {
            **each,
            "data": known[each["key"]].seen_by(user, each["data"]),
            "template": known[each["key"]].template,
        }
        for each in stored
        if each["key"] in known and known[each["key"]].is_open_to(user)
    ]


def closed_parts(user: User) -> list[str]:
    """Keys of the sections that a reader does not see all of."""
    return [held.key for held in _sections if not held.is_whole_to(user)]


register(
    Section(
        key="question",
        title=_("Objective and decision question"),
        prompt=_(
            "What must get better, for whom, and by how much? Then the question in one "
            "sentence that can be answered with A, B or C."
        ),
        facts=loaders.question_facts,
        load=loaders.question,
        missing=loaders.question_missing,
    )
)
register(
    Section(
        key="scope",
        title=_("Scope, horizon and owner"),
        prompt=_(
            "Which channels, teams and customers are meant, and which are not? From when "
            "until when does the decision hold, and who answers for it?"
        ),
        facts=loaders.scope_facts,
        load=loaders.scope,
        missing=loaders.scope_missing,
    )
)
register(
    Section(
        key="metrics",
        title=_("Metrics"),
        prompt=_(
            "Which figures say whether it worked? Choose them from the catalogue."
        ),
        facts=loaders.metrics_facts,
        load=loaders.metrics,
        missing=loaders.metrics_missing,
    )
)
register(
    Section(
        key="inputs",
        title=_("Key inputs"),
        prompt=_(
            "Channel mix, staffing, automation coverage, handle time, cost: each with "
            "its source, its date and what is wrong with it."
        ),
        facts=loaders.inputs_facts,
        load=loaders.inputs,
        partly=COSTS,
        redact=loaders.without_costs,
        missing=loaders.inputs_missing,
    )
)
register(
    Section(
        key="rules",
        title=_("Load-balancing rules and escalation paths"),
        prompt=_(
            "When does work move from one channel to another, who moves it, and who is "
            "called when that is not enough?"
        ),
        facts=loaders.rules_facts,
        load=loaders.rules,
    )
)
register(
    Section(
        key="risks",
        title=_("Risks and mitigations"),
        prompt=_("What may go wrong, and what is done about it before it does?"),
        facts=loaders.risks_facts,
        load=loaders.risks,
    )
)
register(
    Section(
        key="recommendation",
        title=_("Recommendation"),
        prompt=_(
            "Which option, why this one, what was given up for it, and what is done by "
            "when?"
        ),
        facts=loaders.recommendation_facts,
        load=loaders.recommendation,
        missing=loaders.recommendation_missing,
    )
)
register(
    Section(
        key="triggers",
        title=_("Review triggers"),
        prompt=_(
            "Which figure, crossing which bound, would make this decision wrong? It then "
            "reopens by itself."
        ),
        facts=trigger_rows.triggers_facts,
        load=trigger_rows.triggers,
        missing=trigger_rows.triggers_missing,
    )
)
register(
    Section(
        key="reviews",
        title=_("Review calendar and monitoring"),
        prompt=_("On which days is it looked at again, whatever the triggers say?"),
        facts=loaders.reviews_facts,
        load=loaders.reviews,
        missing=loaders.reviews_missing,
    )
)
register(
    Section(
        key="data",
        title=_("Data-refresh plan"),
        prompt=_(
            "Who reads the inputs again, how often, and where does the result go?"
        ),
        facts=loaders.data_facts,
        load=loaders.data,
    )
)
