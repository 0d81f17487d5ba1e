"""How the sections of a decision are written, one function a section."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from supportops.metrics import catalogue
from workforce.capacity.models import (
    Decision,
    DecisionInput,
    ReviewDate,
    Risk,
    Trigger,
)
from workforce.capacity.selectors.decisions.inputs import (
    FLAW_WORDS,
    range_flaw_of,
    range_text,
    value_words,
)
from workforce.capacity.selectors.decisions.sight import VIEW
from workforce.capacity.selectors.decisions.watching import CannotWatch, watched
from workforce.capacity.services.decisions.refusals import DecisionPartInvalid

Content = Mapping[str, Any]
Writer = Callable[[Decision, Content, datetime], None]


def write_fields(decision: Decision, content: Content, names: Sequence[str]) -> None:
    """Set some plain fields of the decision. Raises ``DecisionPartInvalid``."""
    sent = [name for name in names if name in content]
    for name in sent:
        setattr(decision, name, content[name])
    fields = Decision._meta.fields  # noqa: SLF001 -- documented by Django
    others = {field.name for field in fields} - set(sent)
    try:
        decision.clean_fields(exclude=others)
        decision.validate_constraints(exclude=others - {"starts_on", "ends_on"})
    except ValidationError as error:
        raise DecisionPartInvalid(_words(error)) from error
    decision.save(update_fields=sent)


def write_rows(
    model: type[Any],
    decision: Decision,
    rows: Iterable[Content],
    names: Sequence[str],
    *,
    kept: models.QuerySet[Any],
    prepare: Callable[[Any, Content, int], None] | None = None,
) -> None:
    """Make the rows of a section what was sent: changed, added, and the rest removed.

    A row names itself by ``id``. ``kept`` are the rows there may be now; ``prepare``
    finishes a row before it is checked. Raises ``DecisionPartInvalid``.
    """
    held = {row.pk: row for row in kept}
    sent = [dict(content) for content in rows]
    gone = set(held) - {content.get("id") for content in sent}
    model.objects.filter(pk__in=gone).delete()
    for place, content in enumerate(sent, start=1):
        row = held.get(content.get("id")) or model(decision=decision)
        for name in names:
            if name in content:
                setattr(row, name, content[name])
        if prepare:
            prepare(row, content, place)
        _check(row, place)
        row.save()


def _check(row: Any, place: int) -> None:
    for field in row._meta.fields:  # noqa: SLF001 -- documented by Django
        value = getattr(row, field.attname)
        if isinstance(value, float) and not math.isfinite(value):
            raise DecisionPartInvalid(
                _("Row %(place)d: %(field)s is no number.")
                % {"place": place, "field": field.verbose_name}
            )
    try:
        row.full_clean(exclude=["decision"])
        row.validate_constraints()
    except ValidationError as error:
        raise DecisionPartInvalid(
            _("Row %(place)d: %(why)s") % {"place": place, "why": _words(error)}
        ) from error


def _words(error: ValidationError) -> str:
    return " ".join(error.messages)


# Sections ---------------------------------------------------------------------------------


def _question(decision: Decision, content: Content, at: datetime) -> None:
    write_fields(decision, content, ("objective", "question"))


def _scope(decision: Decision, content: Content, at: datetime) -> None:
    owner = content.get("owner")
    if owner is not None and not (owner.is_active and owner.has_perm(VIEW)):
        raise DecisionPartInvalid(
            _("%(person)s cannot read decisions and so cannot own one.")
            % {"person": owner}
        )
    write_fields(decision, content, ("title", "scope", "starts_on", "ends_on", "owner"))
    if "queues" in content:
        held = set(decision.queues.values_list("pk", flat=True))
        decision.queues.set(content["queues"])
        if held != set(decision.queues.values_list("pk", flat=True)):
            _forget_readings(decision)


def _forget_readings(decision: Decision) -> None:
    """Triggers count the tickets of the queues: what was read was of other ones."""
    unread = dict.fromkeys(("last_value", "last_n", "last_low", "last_high"))
    decision.triggers.update(checked_at=None, **unread)


def _metrics(decision: Decision, content: Content, at: datetime) -> None:
    known = {metric.code for metric in catalogue.all()} | set(decision.metrics)
    codes = list(dict.fromkeys(content.get("metrics", [])))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise DecisionPartInvalid(
            _("Not in the catalogue of metrics: %(codes)s.")
            % {"codes": ", ".join(map(str, unknown))}
        )
    write_fields(decision, {"metrics": codes}, ("metrics",))


INPUT_FIELDS = (
    "about", "name", "value", "unit", "low", "high", "metric", "source", "as_of",
    "quality_gap", "data_owner", "refresh_days",
)  # fmt: skip


def _inputs(decision: Decision, content: Content, at: datetime) -> None:
    taken = set(decision.inputs.values_list("key", flat=True))

    def prepare(row: DecisionInput, sent: Content, place: int) -> None:
        row.position = place
        row.key = row.key or free_key(sent.get("key") or row.name, taken)
        taken.add(row.key)
        _require_in_range(row, place)

    write_rows(
        DecisionInput, decision, content.get("rows", ()), INPUT_FIELDS,
        kept=decision.inputs.all(), prepare=prepare,
    )  # fmt: skip


def _require_in_range(row: DecisionInput, place: int) -> None:
    """Refuse a value outside its own range: both are typed side by side, in one unit."""
    flaw = range_flaw_of(row)
    if not flaw:
        return
    raise DecisionPartInvalid(
        _(
            "Row %(place)d: “%(name)s” is %(value)s, its plausible range %(range)s: "
            "%(flaw)s. Write both in the unit of the row."
        )
        % {
            "place": place,
            "name": row.name,
            "value": value_words(row),
            "range": range_text(row),
            "flaw": FLAW_WORDS[flaw],
        }
    )


def free_key(name: str, taken: set[str]) -> str:
    """Return a key made of a name that no input of the decision has."""
    base = slugify(name).replace("-", "_")[:50] or "input"
    key, count = base, 1
    while key in taken:
        count += 1
        key = f"{base}_{count}"
    return key


def _rules(decision: Decision, content: Content, at: datetime) -> None:
    write_fields(decision, content, ("balancing_rules",))


def _risks(decision: Decision, content: Content, at: datetime) -> None:
    write_rows(
        Risk, decision, content.get("rows", ()),
        ("text", "likelihood", "impact", "mitigation", "owner"),
        kept=decision.risks.all(),
    )  # fmt: skip


def _recommendation(decision: Decision, content: Content, at: datetime) -> None:
    letter = content.get("chosen", decision.chosen)
    if letter and not decision.options.filter(letter=letter).exists():
        raise DecisionPartInvalid(
            _("There is no option %(letter)s.") % {"letter": letter}
        )
    write_fields(decision, content, ("chosen", "recommendation", "timeline"))


TRIGGER_FIELDS = (
    "metric", "filters", "direction", "threshold", "window_days", "minimum_n",
    "purpose", "contingency",
)  # fmt: skip


def _triggers(decision: Decision, content: Content, at: datetime) -> None:
    held = {row.pk: _watches(row) for row in decision.triggers.all()}

    def prepare(row: Trigger, sent: Content, place: int) -> None:
        _require_known(row, place)
        if held.get(row.pk) != _watches(row):
            row.last_value = row.last_low = row.last_high = None
            row.last_n, row.checked_at = None, None
        if sent.get("is_off"):
            row.state = Trigger.State.OFF
        elif row.state == Trigger.State.OFF:
            row.state = Trigger.State.WATCHING

    write_rows(
        Trigger, decision, content.get("rows", ()), TRIGGER_FIELDS,
        kept=decision.triggers.all(), prepare=prepare,
    )  # fmt: skip


def _watches(row: Trigger) -> tuple[Any, ...]:
    """What the last value of a trigger is the value of."""
    return row.metric, sorted(row.filters.items()), row.window_days


def _require_known(row: Trigger, place: int) -> None:
    try:
        watched(row.metric, row.filters, row.window_days)
    except CannotWatch as problem:
        raise DecisionPartInvalid(
            _("Row %(place)d: %(why)s") % {"place": place, "why": problem}
        ) from problem


def _reviews(decision: Decision, content: Content, at: datetime) -> None:
    write_fields(decision, content, ("monitoring",))
    if "rows" in content:
        write_rows(
            ReviewDate, decision, content["rows"], ("due_on", "note"),
            kept=decision.reviews.filter(done_at__isnull=True),
        )  # fmt: skip


def _data(decision: Decision, content: Content, at: datetime) -> None:
    write_fields(decision, content, ("refresh_plan",))


_writers: dict[str, Writer] = {}


def register_writer(part: str, writer: Writer) -> None:
    """Say how a section is written; its key is that of ``selectors.decisions.sections``."""
    if part in _writers:
        raise ValueError(f"two writers claim the section {part!r}")
    _writers[part] = writer


def writer_of(part: str) -> Writer:
    try:
        return _writers[part]
    except KeyError as error:
        raise DecisionPartInvalid(
            _("There is no section “%(part)s”.") % {"part": part}
        ) from error


for _part, _writer in (
    ("question", _question), ("scope", _scope), ("metrics", _metrics),
    ("inputs", _inputs), ("rules", _rules), ("risks", _risks),
    ("recommendation", _recommendation), ("triggers", _triggers),
    ("reviews", _reviews), ("data", _data),
):  # fmt: skip
    register_writer(_part, _writer)
