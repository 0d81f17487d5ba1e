"""The policy editor's form: a definition as fields, and fields as a definition."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.core.durations import (
    format_duration,
    parse_duration,
)
from sla.core.history import METRICS
from sla.core.policy import (
    ALWAYS,
    FIRST_RESPONSES,
    PAUSING_STATES,
    REOPEN_CHOICES,
    ROWS,
    NamedCalendar,
    PolicyDefinition,
    PolicyRules,
    Targets,
)
from sla.core.policy_lint import working_day_seconds
from sla.forms.conditions import ConditionsForm
from sla.phrases import METRIC_NAMES, VALUE_NAMES, row_name

NO_PROMISE = ("-", "–", "—")
"""Typed into a tier's cell: nothing is promised there, whatever the multiplier gives."""
PLAIN = {"class": "sla-input"}


class Cell(NamedTuple):
    """One target of the matrix, as the template shows it."""

    metric: str
    field: forms.BoundField
    means: str
    own: str = ""


class Row(NamedTuple):
    priority: str
    name: str
    cells: list[Cell]
    calendar: forms.BoundField | None


class Tier(NamedTuple):
    code: str
    name: str
    multiplier: forms.BoundField
    rows: list[Row]
    explicit: int
    has_errors: bool


class PolicyForm(ConditionsForm):
    """Every part of a definition but the frozen hours.

    Parameters
    ----------
    tiers : mapping of str to str
        Code to name, in order.
    calendars : mapping of str to NamedCalendar
        The calendars to choose from; ``wd`` means a working day of the row's one.
    """

    expected_changed_at = forms.CharField(
        required=False, widget=forms.HiddenInput, max_length=40
    )
    calendar = forms.ChoiceField(
        label=gettext_lazy("Calendar"), widget=forms.Select(attrs=PLAIN)
    )
    first_response = forms.MultipleChoiceField(
        label=gettext_lazy("What counts as a first response?"),
        choices=[(code, VALUE_NAMES[code]) for code in FIRST_RESPONSES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    pause_on = forms.MultipleChoiceField(
        label=gettext_lazy("Statuses that pause the clocks"),
        choices=[(code, VALUE_NAMES[code]) for code in PAUSING_STATES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    not_paused = forms.MultipleChoiceField(
        label=gettext_lazy("Metrics that no pause stops"),
        choices=[(metric, METRIC_NAMES[metric]) for metric in METRICS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reopen = forms.ChoiceField(
        label=gettext_lazy("A reopened ticket"),
        choices=[(code, VALUE_NAMES[code]) for code in REOPEN_CHOICES],
        widget=forms.RadioSelect,
    )
    pause_after_followups = forms.IntegerField(
        label=gettext_lazy("Unanswered follow-ups that pause the clocks"),
        min_value=1,
        max_value=20,
        required=False,
        widget=forms.NumberInput(attrs={**PLAIN, "size": 4}),
    )
    manual_pauses = forms.BooleanField(
        label=gettext_lazy("Documented pauses stop the clocks"), required=False
    )
    next_reply_from_creation = forms.BooleanField(
        label=gettext_lazy("The creation already waits for a next reply"),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        tiers: Mapping[str, str],
        calendars: Mapping[str, NamedCalendar],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, tiers=tiers, **kwargs)
        self.tiers = tiers
        self.calendars = calendars
        choices = self._calendar_choices()
        self.fields["calendar"].choices = choices  # type: ignore[attr-defined]
        for row in ROWS:
            self._add_row(row, choices)
        for tier in tiers:
            self._add_tier(tier)

    @staticmethod
    def _calendar_names() -> list[str]:
        return ["calendar", *(calendar_field(row) for row in ROWS)]

    def _calendar_choices(self) -> list[tuple[str, str]]:
        """Offer the calendars and whatever else is chosen, so that no choice gets lost.

        A select without the chosen value would show its first option instead, and the
        next save would publish that. ``clean`` refuses the ones that do not exist.
        """
        given = self.data if self.is_bound else self.initial
        chosen = {key for name in self._calendar_names() if (key := given.get(name))}
        offered = {key: named.name for key, named in self.calendars.items()}
        if "24/7" not in offered.values():
            offered[ALWAYS] = "24/7"
        elif ALWAYS in chosen:
            offered[ALWAYS] = _("24/7 (built in)")
        for key in sorted(chosen - offered.keys()):
            offered[key] = _("unknown calendar %(key)s") % {"key": key}
        return list(offered.items())

    def _add_row(self, row: str, choices: list[tuple[str, str]]) -> None:
        self.fields[calendar_field(row)] = forms.ChoiceField(
            choices=[("", _("as above")), *choices],
            required=False,
            label=_("Calendar of %(row)s") % {"row": row_name(row)},
            widget=forms.Select(
                attrs={**PLAIN, "aria-label": _("Calendar of %s") % row_name(row)}
            ),
        )
        for metric in METRICS:
            self.fields[target_field(row, metric)] = forms.CharField(
                required=False,
                max_length=40,
                label=f"{row_name(row)} {METRIC_NAMES[metric]}",
                widget=_duration(f"{row_name(row)} {METRIC_NAMES[metric]}"),
            )

    def _add_tier(self, tier: str) -> None:
        name = self.tiers[tier]
        self.fields[multiplier_field(tier)] = forms.FloatField(
            required=False,
            min_value=0.001,
            max_value=1000,
            label=_("%(tier)s multiplier") % {"tier": name},
            widget=forms.NumberInput(attrs={**PLAIN, "step": "any"}),
        )
        for row in ROWS:
            for metric in METRICS:
                self.fields[tier_field(tier, row, metric)] = forms.CharField(
                    required=False,
                    max_length=40,
                    label=f"{row_name(row)} {METRIC_NAMES[metric]}",
                    widget=_duration(f"{name}, {row_name(row)} {METRIC_NAMES[metric]}"),
                )

    # Reading -------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self._calendar_names():
            self._refuse_unknown_calendar(name)
        for row in ROWS:
            for metric in METRICS:
                self._read(target_field(row, metric), row)
                for tier in self.tiers:
                    self._read(tier_field(tier, row, metric), row)
        return cleaned

    def _refuse_unknown_calendar(self, name: str) -> None:
        key = self.cleaned_data.get(name)
        if key and key != ALWAYS and key not in self.calendars:
            self.add_error(
                name,
                _("There is no calendar %(key)s: choose another.") % {"key": key},
            )

    def _read(self, name: str, row: str) -> None:
        """Turn one text into ``("", None)``, ``("-", None)`` or ``(text, seconds)``."""
        text = (self.cleaned_data.get(name) or "").strip()
        seconds = None
        if text and text not in NO_PROMISE:
            try:
                seconds = parse_duration(text, working_day=self._working_day(row))
            except ValueError:
                self.add_error(
                    name,
                    _("“%(text)s” is no duration: write 15 min, 1 h 30, 2 d or 5 wd.")
                    % {"text": text},
                )
        self.cleaned_data[name] = (text, seconds)

    def _working_day(self, row: str) -> int:
        chosen = self.cleaned_data.get(calendar_field(row))
        key = chosen or self.cleaned_data.get("calendar") or ALWAYS
        return self.working_day_of(key)

    def working_day_of(self, key: str) -> int:
        """Open seconds of a working day of a calendar; 0 when it is unknown."""
        return working_day_seconds(PolicyDefinition(calendars=self.calendars), key)

    def definition(self) -> PolicyDefinition:
        """What a valid form says; calendars are not frozen."""
        cleaned = self.cleaned_data
        return PolicyDefinition(
            conditions=self.conditions(),
            targets=self._targets(),
            multipliers={
                tier: factor
                for tier in self.tiers
                if (factor := cleaned[multiplier_field(tier)]) is not None
            },
            tier_targets=self._tier_targets(),
            calendar=cleaned["calendar"],
            priority_calendars={
                row: key for row in ROWS if (key := cleaned[calendar_field(row)])
            },
            rules=PolicyRules(
                first_response=frozenset(cleaned["first_response"]),
                not_paused=frozenset(cleaned["not_paused"]),
                pause_on=frozenset(cleaned["pause_on"]),
                next_reply_from_creation=cleaned["next_reply_from_creation"],
                reopen=cleaned["reopen"],
                pause_after_followups=cleaned["pause_after_followups"],
                manual_pauses=cleaned["manual_pauses"],
            ),
        )

    def _targets(self) -> Targets:
        rows = {
            row: {
                metric: self.cleaned_data[target_field(row, metric)][1]
                for metric in METRICS
            }
            for row in ROWS
        }
        return {row: cells for row, cells in rows.items() if any(cells.values())}

    def _tier_targets(self) -> dict[str, Targets]:
        found: dict[str, dict[str, dict[str, int | None]]] = {}
        for tier in self.tiers:
            for row in ROWS:
                for metric in METRICS:
                    text, seconds = self.cleaned_data[tier_field(tier, row, metric)]
                    if text:
                        cells = found.setdefault(tier, {}).setdefault(row, {})
                        cells[metric] = seconds
        return dict(found)

    # Showing -------------------------------------------------------------------------

    def matrix(self, means: Mapping[str, str], owns: Mapping[str, str]) -> list[Row]:
        """The rows of the base matrix: what a text stands for, which tiers differ."""
        return [
            Row(
                row,
                row_name(row),
                [
                    Cell(metric, self[name], means.get(name, ""), owns.get(name, ""))
                    for metric in METRICS
                    for name in [target_field(row, metric)]
                ],
                self[calendar_field(row)],
            )
            for row in ROWS
        ]

    def tier_rows(self, definition: PolicyDefinition) -> Iterator[Tier]:
        """The tiers with the times that result, as hints in the empty cells."""
        for tier, name in self.tiers.items():
            rows = []
            for row in ROWS:
                cells = [self._tier_cell(definition, tier, row, m) for m in METRICS]
                rows.append(Row(row, row_name(row), cells, None))
            explicit = sum(
                len(cells) for cells in definition.tier_targets.get(tier, {}).values()
            )
            has_errors = any(cell.field.errors for row in rows for cell in row.cells)
            multiplier = self[multiplier_field(tier)]
            yield Tier(tier, name, multiplier, rows, explicit, has_errors)

    def _tier_cell(
        self, definition: PolicyDefinition, tier: str, row: str, metric: str
    ) -> Cell:
        field = self[tier_field(tier, row, metric)]
        field.field.widget.attrs["placeholder"] = result_text(
            definition, tier, row, metric
        )
        return Cell(metric, field, "")


def result_text(definition: PolicyDefinition, tier: str, row: str, metric: str) -> str:
    """The time that results for a tier; a dash without a promise."""
    seconds = definition.target(tier, row, metric)
    return "–" if seconds is None else format_duration(seconds)


def initial_values(definition: PolicyDefinition) -> dict[str, Any]:
    """A definition as the form's initial values."""
    values: dict[str, Any] = {
        **{f"cond_{name}": list(v) for name, v in definition.conditions.items()},
        "calendar": definition.calendar,
        **definition.rules.to_dict(),
    }
    for row, key in definition.priority_calendars.items():
        values[calendar_field(row)] = key
    for tier, factor in definition.multipliers.items():
        values[multiplier_field(tier)] = f"{factor:g}"
    for row, cells in definition.targets.items():
        for metric, seconds in cells.items():
            if seconds is not None:
                values[target_field(row, metric)] = format_duration(seconds)
    for tier, rows in definition.tier_targets.items():
        for row, cells in rows.items():
            for metric, seconds in cells.items():
                text = NO_PROMISE[1] if seconds is None else format_duration(seconds)
                values[tier_field(tier, row, metric)] = text
    return values


def _duration(label: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "class": "sla-input sla-duration",
            "autocomplete": "off",
            "size": 9,
            "aria-label": label,
        }
    )


def _key(row: str) -> str:
    return row or "none"


def target_field(row: str, metric: str) -> str:
    return f"t-{_key(row)}-{metric}"


def tier_field(tier: str, row: str, metric: str) -> str:
    return f"x-{tier}-{_key(row)}-{metric}"


def multiplier_field(tier: str) -> str:
    return f"m-{tier}"


def calendar_field(row: str) -> str:
    return f"c-{_key(row)}"
