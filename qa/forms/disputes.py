"""Forms of disputes: what an agent objects to, what the arbiter decides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.core.disputes import KEEP, NOT_APPLICABLE, OTHER, PROPOSED
from qa.core.scorecard import CHECKLIST, Criterion
from qa.models import Dispute, DisputeLine
from qa.selectors.disputes import Disputable
from workforce.people.models import User

TEXT_LENGTH = 2000
INPUT = {"class": "sla-input"}


def level_choices(criterion: Criterion, keys: Any) -> list[tuple[str, str]]:
    """Levels in words, best first, with their points."""
    levels = {level.key: level for level in criterion.levels}
    return [
        (key, f"{levels[key].label} ({levels[key].points:g})")
        if key in levels
        else (NOT_APPLICABLE, str(_("Does not apply")))
        for key in keys
    ]


def _reason(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({**INPUT, "rows": 3}),
        **options,
    )


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """One criterion that may be disputed, with its three fields."""

    disputable: Disputable
    given_words: str
    chosen: forms.BoundField
    level: forms.BoundField | None
    reason: forms.BoundField


class ObjectionsForm(forms.Form):
    """The score is disputed: which criteria, what instead, why."""

    reason = _reason(gettext_lazy("Anything else"), required=False)

    def __init__(
        self, *args: Any, criteria: Mapping[str, Disputable], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for key, each in criteria.items():
            self.fields[f"on_{key}"] = forms.BooleanField(
                label=each.criterion.title, required=False
            )
            others = [choice for choice in each.choices if choice != each.level]
            if others:
                self.fields[f"level_{key}"] = forms.ChoiceField(
                    label=_("It should be"),
                    required=False,
                    choices=[
                        ("", _("I leave that to the second reviewer")),
                        *level_choices(each.criterion, others),
                    ],
                    widget=forms.Select(INPUT),
                )
            self.fields[f"reason_{key}"] = _reason(_("Why"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [key for key in self.criteria if data.get(f"on_{key}")]
        if not chosen:
            raise forms.ValidationError(_("Choose at least one criterion."))
        for key in chosen:
            if not data.get(f"reason_{key}", "").strip():
                self.add_error(f"reason_{key}", _("Say why."))
        return data

    def lines(self) -> list[dict[str, str]]:
        data = self.cleaned_data
        return [
            {
                "criterion": key,
                "proposed_level": data.get(f"level_{key}", ""),
                "reason": data[f"reason_{key}"],
            }
            for key in self.criteria
            if data[f"on_{key}"]
        ]

    def rows(self) -> Iterator[ObjectionRow]:
        for key, each in self.criteria.items():
            level = f"level_{key}"
            yield ObjectionRow(
                disputable=each,
                given_words=given_words(each),
                chosen=self[f"on_{key}"],
                level=self[level] if level in self.fields else None,
                reason=self[f"reason_{key}"],
            )


class WrongAgentForm(forms.Form):
    """ "This was not my work"."""

    reason = _reason(gettext_lazy("Whose work was it, and how can that be seen?"))


def given_words(each: Disputable) -> str:
    """What the reviewer answered, in words."""
    if each.criterion.kind == CHECKLIST and not each.given.is_na:
        return _("%(ticked)d of %(all)d ticked") % {
            "ticked": len(each.given.checked),
            "all": len(each.criterion.checks),
        }
    choices = dict(level_choices(each.criterion, each.choices))
    return choices.get(each.level, each.level or "–")


@dataclass(frozen=True, slots=True)
class RulingRow:
    """One disputed criterion with the fields of its ruling."""

    line: DisputeLine
    disputable: Disputable
    given_words: str
    proposed_words: str
    final_words: str
    outcome: forms.BoundField
    level: forms.BoundField | None
    checked: forms.BoundField | None


class RulingForm(forms.Form):
    """The arbiter's decision on the score: one outcome a line, and the reason."""

    decision = _reason(gettext_lazy("Reason, for agent and reviewer"))

    def __init__(
        self,
        *args: Any,
        dispute: Dispute,
        criteria: Mapping[str, Disputable],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.stored = list(dispute.lines.all())
        for line in self.stored:
            self._add(line, criteria[line.criterion_key])
        self.order_fields([name for name in self.fields if name != "decision"])

    def _add(self, line: DisputeLine, each: Disputable) -> None:
        key = line.criterion_key
        outcomes = [(KEEP, _("Stays")), (OTHER, _("Another level"))]
        if line.proposed_level:
            outcomes.insert(1, (PROPOSED, _("As the agent proposed")))
        self.fields[f"outcome_{key}"] = forms.ChoiceField(
            label=_("Decision"), choices=outcomes, widget=forms.RadioSelect
        )
        if each.criterion.kind == CHECKLIST:
            self.fields[f"checked_{key}"] = forms.MultipleChoiceField(
                label=_("Ticked"),
                required=False,
                choices=[(check.key, check.text) for check in each.criterion.checks],
                initial=sorted(each.given.checked),
                widget=forms.CheckboxSelectMultiple,
            )
            return
        self.fields[f"level_{key}"] = forms.ChoiceField(
            label=_("Level"),
            required=False,
            choices=[("", "–"), *level_choices(each.criterion, each.choices)],
            widget=forms.Select(INPUT),
        )

    def lines(self) -> list[dict[str, Any]]:
        """The rulings as the service reads them; what is not chosen yet is empty."""
        data = self.cleaned_data
        return [
            {
                "criterion": line.criterion_key,
                "outcome": data.get(f"outcome_{line.criterion_key}", ""),
                "final_level": data.get(f"level_{line.criterion_key}", ""),
                "checked": data.get(f"checked_{line.criterion_key}", []),
            }
            for line in self.stored
        ]

    def rows(self) -> Iterator[RulingRow]:
        for line in self.stored:
            key, each = line.criterion_key, self.criteria[line.criterion_key]
            names = {name: f"{name}_{key}" for name in ("outcome", "level", "checked")}
            fields = {
                name: self[field] if field in self.fields else None
                for name, field in names.items()
            }
            choices = dict(level_choices(each.criterion, each.choices))
            yield RulingRow(
                line=line,
                disputable=each,
                given_words=given_words(each),
                proposed_words=choices.get(line.proposed_level, ""),
                final_words=choices.get(line.final_level, ""),
                **fields,
            )


class WhoseWorkForm(forms.Form):
    """The arbiter's decision on whose work it was."""

    STAYS, HANDED, VOID = "stays", "handed", "void"

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (STAYS, gettext_lazy("It was this agent's work: the review stays")),
            (HANDED, gettext_lazy("It was somebody else's work")),
            (VOID, gettext_lazy("It cannot be said whose: the review is void")),
        ],
        widget=forms.RadioSelect,
    )
    right_agent = forms.ModelChoiceField(
        label=gettext_lazy("Whose work it was"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.Select(INPUT),
    )
    decision = _reason(gettext_lazy("Reason, for agent and reviewer"))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right_agent"].queryset = people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == self.HANDED and not data.get("right_agent"):
            self.add_error("right_agent", _("Name the person."))
        return data

    def ruling(self) -> dict[str, Any]:
        """What the service is told beside the reason."""
        outcome = self.cleaned_data["outcome"]
        handed = outcome == self.HANDED
        return {
            "right_agent": self.cleaned_data["right_agent"] if handed else None,
            "is_void": outcome == self.VOID,
        }
