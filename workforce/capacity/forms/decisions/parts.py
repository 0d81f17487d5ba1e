"""How each section is edited. Another part of capacity adds an editor with ``register``."""

from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from supportops.common.row_fields import RowsField
from supportops.metrics import catalogue
from workforce.capacity.forms.decisions import fields
from workforce.capacity.forms.decisions.choices import Narrowing, metric_choices
from workforce.capacity.forms.decisions.rows import (
    InputRow,
    ReviewRow,
    RiskRow,
    RowForm,
    TriggerRow,
)
from workforce.capacity.models import Decision, Queue
from workforce.capacity.selectors.decisions.sight import CHANGE, people_with
from workforce.people.models import User

MAX_ROWS = 60


class Editor(Protocol):
    """What the page needs of a section's form."""

    template: str

    def is_valid(self) -> bool: ...

    def content(self) -> dict[str, Any]: ...

    def refuse(self, words: str) -> None: ...


class FieldsEditor(forms.Form):
    """A section of plain fields, named as the model's."""

    template = "capacity/decisions/edit/fields.html"

    def __init__(self, data: Any, *, decision: Decision, user: User) -> None:
        names = [name for name in self.base_fields if hasattr(decision, name)]
        initial = {name: self.value_of(decision, name) for name in names}
        super().__init__(data, initial=initial)
        self.decision = decision

    @staticmethod
    def value_of(decision: Decision, name: str) -> Any:
        return getattr(decision, name)

    def content(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def refuse(self, words: str) -> None:
        self.add_error(None, words)


class RowsEditor:
    """A section that is a table: one form a row, with an empty one to add by."""

    template = "capacity/decisions/edit/rows.html"
    row_form: type[RowForm] = RowForm

    def __init__(self, data: Any, *, decision: Decision, user: User) -> None:
        self.decision = decision
        self.problems: list[str] = []
        factory = forms.formset_factory(
            self.row_form, extra=1, can_delete=True, max_num=MAX_ROWS,
            validate_max=True,
        )  # fmt: skip
        initial = [self.row_form.initial_of(row) for row in self.rows()]  # type: ignore[attr-defined]
        self.formset = factory(
            data, prefix="rows", initial=initial, form_kwargs=self.row_arguments()
        )
        self.head = self.head_form(data)

    def rows(self) -> Any:
        raise NotImplementedError

    def row_arguments(self) -> dict[str, Any]:
        return {}

    def head_form(self, data: Any) -> forms.Form | None:
        return None

    def is_valid(self) -> bool:
        is_valid = self.formset.is_valid()
        return (self.head is None or self.head.is_valid()) and is_valid

    def filled(self) -> list[Any]:
        """The rows that are kept: neither left empty nor ticked to be removed."""
        return [
            form
            for form in self.formset
            if (form.has_changed() or not form.is_new)
            and not form.cleaned_data.get("DELETE")
        ]

    def content(self) -> dict[str, Any]:
        rows = [form.content() for form in self.filled()]
        return {**(self.head.cleaned_data if self.head else {}), "rows": rows}

    def refuse(self, words: str) -> None:
        self.problems.append(words)


# Sections ---------------------------------------------------------------------------------


class QuestionEditor(FieldsEditor):
    objective = fields.area(
        _("Objective"), prompt=_("What must get better, for whom, by how much?")
    )
    question = fields.area(
        _("Decision question"),
        rows=2,
        prompt=_("One sentence that can be answered with A, B or C."),
    )


class ScopeEditor(FieldsEditor):
    title = fields.text(_("Title"), length=160, required=True)
    scope = fields.area(
        _("Scope"), prompt=_("What is meant, and what is explicitly not?")
    )
    queues = RowsField(
        label=_("Queues"),
        queryset=Queue.objects.none(),
        required=False,
        help_text=_("Live figures count the tickets of these; none means all."),
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = fields.day(_("Horizon from"))
    ends_on = fields.day(_("Horizon to"))
    owner = fields.person(_("Owner"), User.objects.none(), required=True)

    def __init__(self, data: Any, *, decision: Decision, user: User) -> None:
        super().__init__(data, decision=decision, user=user)
        self.fields["queues"].queryset = Queue.objects.order_by("name", "channel")
        owners = (
            people_with(CHANGE) | User.objects.filter(pk=decision.owner_id).distinct()
        )
        self.fields["owner"].queryset = owners

    @staticmethod
    def value_of(decision: Decision, name: str) -> Any:
        if name == "queues":
            return list(decision.queues.values_list("pk", flat=True))
        return getattr(decision, name)


class MetricsEditor(FieldsEditor):
    metrics = forms.MultipleChoiceField(
        label=_("Metrics of the catalogue"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, decision: Decision, user: User) -> None:
        super().__init__(data, decision=decision, user=user)
        known = [(metric.code, metric.name) for metric in catalogue.all()]
        codes = {code for code, _name in known}
        gone = [(code, code) for code in decision.metrics if code not in codes]
        self.fields["metrics"].choices = [*known, *gone]


class InputsEditor(RowsEditor):
    row_form = InputRow

    def rows(self) -> Any:
        return self.decision.inputs.all()

    def row_arguments(self) -> dict[str, Any]:
        return {"metrics": metric_choices()}


class RulesEditor(FieldsEditor):
    balancing_rules = fields.area(
        _("Rules and escalation paths"),
        rows=7,
        prompt=_(
            "When chat waits longer than …, … moves to …. When that is not enough, … "
            "calls …."
        ),
    )


class RisksEditor(RowsEditor):
    row_form = RiskRow

    def rows(self) -> Any:
        return self.decision.risks.all()

    def row_arguments(self) -> dict[str, Any]:
        return {"people": list(people_with("capacity.view_decision"))}


class RecommendationEditor(FieldsEditor):
    chosen = fields.choice(_("Option chosen"), required=False)
    recommendation = fields.area(
        _("Recommendation"),
        rows=6,
        prompt=_("Why this option, and what was given up for it?"),
    )
    timeline = fields.area(_("Timeline"), prompt=_("Who does what by when?"), rows=4)

    def __init__(self, data: Any, *, decision: Decision, user: User) -> None:
        super().__init__(data, decision=decision, user=user)
        options = [(row.letter, str(row)) for row in decision.options.all()]
        self.fields["chosen"].choices = [("", _("none yet")), *options]
        if decision.kind != Decision.Kind.BALANCING:
            del self.fields["chosen"]


class TriggersEditor(RowsEditor):
    row_form = TriggerRow
    template = "capacity/decisions/edit/triggers.html"

    def rows(self) -> Any:
        return self.decision.triggers.all()

    def row_arguments(self) -> dict[str, Any]:
        return {"metrics": metric_choices(), "narrowing": Narrowing.read()}


class MonitoringForm(forms.Form):
    monitoring = fields.text(
        _("Monitoring cadence"),
        length=200,
        help_text=_("Who looks at the figures, how often, between reviews."),
    )


class ReviewsEditor(RowsEditor):
    row_form = ReviewRow

    def rows(self) -> Any:
        return self.decision.reviews.filter(done_at__isnull=True)

    def head_form(self, data: Any) -> forms.Form:
        return MonitoringForm(data, initial={"monitoring": self.decision.monitoring})


class DataEditor(FieldsEditor):
    refresh_plan = fields.area(_("Data-refresh plan"), rows=5)


_editors: dict[str, Any] = {}


def register(part: str, editor: Any) -> None:
    """Say how a section is edited; its key is that of ``selectors.decisions.sections``."""
    if part in _editors:
        raise ValueError(f"two editors claim the section {part!r}")
    _editors[part] = editor


def editor_of(part: str) -> Any | None:
    """Return the class that edits a section, or ``None`` for one that is not edited."""
    return _editors.get(part)


for _part, _editor in (
    ("question", QuestionEditor), ("scope", ScopeEditor), ("metrics", MetricsEditor),
    ("inputs", InputsEditor), ("rules", RulesEditor), ("risks", RisksEditor),
    ("recommendation", RecommendationEditor), ("triggers", TriggersEditor),
    ("reviews", ReviewsEditor), ("data", DataEditor),
):  # fmt: skip
    register(_part, _editor)
