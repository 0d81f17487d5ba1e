"""Filling a decision in from what the portal knows: inputs, today's option, segments."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from workforce.capacity.core.decisions import changed_facts
from workforce.capacity.models import (
    Decision,
    DecisionInput,
    DecisionOption,
    Evidence,
    Segment,
)
from workforce.capacity.selectors.decisions.reading import MIX, Live, read_live
from workforce.capacity.selectors.decisions.sections import section
from workforce.capacity.selectors.weighing.live import queues_of
from workforce.capacity.selectors.weighing.segments import live_segments
from workforce.capacity.selectors.weighing.setting import channel_key, share_of
from workforce.capacity.selectors.weighing.wanted import WANTED, Wanted
from workforce.capacity.services.decisions.evidence_log import (
    locked,
    log,
    require_editable,
    require_writer,
    touch,
)
from workforce.capacity.services.decisions.refusals import DecisionPartInvalid
from workforce.capacity.services.decisions.writing import change_words
from workforce.capacity.services.weighing.parts import LETTERS, MOST_OPTIONS
from workforce.people.models import User

REFRESH_DAYS = 28
METRICS = {"csat_today": "csat"}
"""Inputs whose definition is the catalogue's."""


def _logged(
    decision: Decision, part: str, change: Callable[[], None], actor: User, at: datetime
) -> None:
    """Change one section, and log in words what differs."""
    held = section(part)
    before = {str(label): text for label, text in held.facts(decision).items()}
    change()
    after = {str(label): text for label, text in held.facts(decision).items()}
    found = changed_facts(before, after)
    if not found:
        return
    touch(decision, at)
    log(
        decision,
        Evidence.Kind.CHANGED,
        change_words(str(held.title), found),
        actor=actor,
        at=at,
        part=part,
        changes=[list(each) for each in found],
    )


def _writable(decision_id: int, actor: User) -> Decision:
    require_writer(actor)
    decision = locked(decision_id)
    require_editable(decision)
    return decision


# Inputs -----------------------------------------------------------------------------------


@transaction.atomic
def add_missing_inputs(
    *, decision_id: int, actor: User, at: datetime
) -> list[DecisionInput]:
    """Add the inputs that options are computed from and that are not there yet.

    Their values are read where the portal knows them; the others are left to be typed.
    Inputs without a value are read too. Optional inputs are added only when known.
    Raises ``DecisionNotYours``, ``DecisionWrongState``.
    """
    decision = _writable(decision_id, actor)
    touched: list[DecisionInput] = []

    def change() -> None:
        rows = {row.key: row for row in decision.inputs.select_for_update()}
        for row in _wanted_rows(decision, rows):
            if row.value is None:
                live = read_live(row, decision, at)
                if live is not None:
                    _take(row, live)
                elif row.pk or not _is_needed(row.key):
                    continue
                row.save()
                touched.append(row)

    _logged(decision, "inputs", change, actor, at)
    return touched


def _is_needed(key: str) -> bool:
    return key.startswith(MIX) or WANTED[key].is_needed


def _wanted_rows(
    decision: Decision, rows: dict[str, DecisionInput]
) -> list[DecisionInput]:
    found = [
        row
        for key, row in rows.items()
        if key in WANTED or key.startswith(MIX) or key == "cost_per_ticket"
    ]
    place = max((row.position for row in rows.values()), default=0)
    fresh = [_input(decision, each) for key, each in WANTED.items() if key not in rows]
    if not any(key.startswith(MIX) for key in rows):
        fresh = [*_mix_rows(decision), *fresh]
    for row in fresh:
        place += 1
        row.position = place
    return [*found, *fresh]


def _input(decision: Decision, wanted: Wanted) -> DecisionInput:
    return DecisionInput(
        decision=decision,
        key=wanted.key,
        about=wanted.about,
        name=str(wanted.name),
        unit=str(wanted.unit),
        metric=METRICS.get(wanted.key, ""),
        refresh_days=REFRESH_DAYS,
    )


def _mix_rows(decision: Decision) -> list[DecisionInput]:
    names = queues_of(decision).order_by("channel").values_list("channel", flat=True)
    by_key = {channel_key(name): name for name in names}
    return [
        DecisionInput(
            decision=decision,
            key=f"{MIX}{key}"[:60],
            about=DecisionInput.About.MIX,
            name=_("Share of contacts: %(channel)s") % {"channel": name},
            unit="%",
            refresh_days=REFRESH_DAYS,
        )
        for key, name in by_key.items()
    ]


def _take(row: DecisionInput, live: Live) -> None:
    row.value, row.low, row.high = live.value, live.low, live.high
    row.unit = live.unit or row.unit
    row.source, row.as_of = live.source[:200], live.as_of


# Options ----------------------------------------------------------------------------------


@transaction.atomic
def add_status_quo(*, decision_id: int, actor: User, at: datetime) -> DecisionOption:
    """Add an option that is how it is done today: mix, people and automation.

    Taken from the inputs of the decision; what they do not say is read from volumes,
    planned staff and tickets. Raises ``DecisionNotYours``, ``DecisionWrongState``,
    ``DecisionPartInvalid`` without room for an option or a known mix.
    """
    decision = _writable(decision_id, actor)
    taken = set(decision.options.values_list("letter", flat=True))
    free = [letter for letter in LETTERS if letter not in taken]
    if not free:
        raise DecisionPartInvalid(
            _("A decision weighs %(n)d options at most.") % {"n": MOST_OPTIONS}
        )
    rows = {row.key: row for row in decision.inputs.all()}
    option = DecisionOption(
        decision=decision,
        letter=free[0],
        name=_("As it is today"),
        mix=_mix_now(decision, rows, at),
        people=_people_now(decision, rows, at),
    )
    row = rows.get("automation_coverage")
    covered = _now(decision, rows, "automation_coverage", at) or 0.0
    unit = row.unit if row is not None and row.value is not None else "%"
    option.automation = min(1.0, max(0.0, share_of(covered, unit)))
    _logged(decision, "options", option.save, actor, at)
    return option


def _now(
    decision: Decision, rows: dict[str, DecisionInput], key: str, at: datetime
) -> float | None:
    row = rows.get(key)
    if row is not None and row.value is not None:
        return row.value
    live = read_live(row or _input(decision, WANTED[key]), decision, at)
    return live.value if live else None


def _people_now(
    decision: Decision, rows: dict[str, DecisionInput], at: datetime
) -> float | None:
    people = _now(decision, rows, "staffing_fte", at)
    return None if people is None else max(0.0, people)


def _mix_now(
    decision: Decision, rows: dict[str, DecisionInput], at: datetime
) -> dict[str, float]:
    typed = [row for key, row in rows.items() if key.startswith(MIX)]
    shares = {}
    for row in typed or _mix_rows(decision):
        live = None if row.value is not None else read_live(row, decision, at)
        value = row.value if row.value is not None else live.value if live else 0.0
        shares[row.key.removeprefix(MIX)] = max(0.0, value)
    total = sum(shares.values())
    if total <= 0:
        raise DecisionPartInvalid(
            _("Not added. The channel mix of today is not known: enter it as inputs.")
        )
    return _to_whole({name: value / total for name, value in shares.items()})


def _to_whole(shares: dict[str, float]) -> dict[str, float]:
    """Round to tenths of a percent; the largest takes up what rounding leaves."""
    rounded = {name: round(share, 3) for name, share in shares.items()}
    largest = max(rounded, key=lambda name: rounded[name])
    rounded[largest] = round(rounded[largest] + 1 - sum(rounded.values()), 3)
    return rounded


# Segments ---------------------------------------------------------------------------------


@transaction.atomic
def fill_segments(*, decision_id: int, actor: User, at: datetime) -> list[Segment]:
    """Add a segment for each tier of customers, or read those there are again.

    A segment keeps its name and its commitment: contracts are not in the data. Raises
    ``DecisionNotYours``, ``DecisionWrongState``, ``DecisionPartInvalid`` without
    customers in tiers.
    """
    decision = _writable(decision_id, actor)
    if decision.kind != Decision.Kind.SEGMENTS:
        raise DecisionPartInvalid(_("This decision is not about segments."))
    found = live_segments(at)
    if not found:
        raise DecisionPartInvalid(
            _("Not filled in. No organisation has a customer tier yet.")
        )
    held = {row.tier_id: row for row in decision.segments.select_for_update()}
    names = {row.name for row in held.values()}
    filled: list[Segment] = []

    def change() -> None:
        for live in found:
            row = held.get(live.tier_id)
            if row is None:
                name = live.name if live.name not in names else f"{live.name} (2)"
                row = Segment(decision=decision, tier_id=live.tier_id, name=name)
            row.customers, row.demand = live.customers, live.demand
            row.lifetime_value, row.churn_risk = live.lifetime_value, live.churn_risk
            row.source = live.source[:200]
            row.save()
            filled.append(row)

    _logged(decision, "segments", change, actor, at)
    return filled
