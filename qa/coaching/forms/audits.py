"""Starting an audit, judging its lines, closing it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.coaching.forms import fields
from qa.coaching.models import AuditLine
from qa.coaching.selectors.audits import auditable_choices, quarter_to_audit


class AuditForm(forms.Form):
    starts_on = fields.day(_("From"))
    ends_on = fields.day(_("until and including"))
    metrics = forms.MultipleChoiceField(
        label=_("Metrics"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one metric to audit.")},
    )
    size = fields.whole(_("Tickets a metric"), least=1, most=100, initial=20)
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**62,
        widget=forms.NumberInput(attrs=fields.styled()),
        help_text=_("The same seed draws the same tickets again."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        start, last = quarter_to_audit(today)
        self.fields["starts_on"].initial = start
        self.fields["ends_on"].initial = last
        self.fields["seed"].initial = int(f"{start:%Y%m%d}")
        self.fields["metrics"].choices = auditable_choices()


class LineForm(forms.Form):
    verdict = fields.choice(
        _("Verdict"), [("", "–"), *AuditLine.Verdict.choices], required=False
    )
    found = fields.text(_("As found"), required=False, length=120)
    note = fields.text(_("Note"), required=False, length=500)


class ConclusionForm(forms.Form):
    conclusion = fields.area(_("Conclusion"), required=True)
