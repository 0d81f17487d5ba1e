"""Forms of content work: what is shown, who takes on what, flags."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kb.core.patterns import RULES
from kb.models import Flag, GapTask, Kind, Topic, WorklistRow
from kb.selectors.articles.listing import topic_choices
from kb.selectors.work.flags import ALL
from kb.selectors.work.people import DECIDE_GAPS, DO_DUTIES, who_may
from kb.selectors.work.worklist import NOBODY, OPEN, TO_DO, Filters
from supportops.common.row_ids import row_id
from workforce.people.models import User

STATES = (
    (OPEN, _("To do and taken on")),
    (TO_DO, _("To do")),
    *GapTask.State.choices,
    ("", _("All")),
)


class WorklistFilters(forms.Form):
    """What of the worklist is shown. What cannot be read is left out."""

    q = forms.CharField(required=False)
    source = forms.ChoiceField(
        required=False, choices=[("", _("all")), *WorklistRow.Source.choices]
    )
    owner = forms.CharField(required=False)
    language = forms.CharField(required=False)
    state = forms.ChoiceField(required=False, choices=STATES)
    rule = forms.ChoiceField(required=False, choices=[(code, code) for code in RULES])
    category = forms.CharField(required=False)

    def filters(self) -> Filters:
        self.is_valid()
        found = self.cleaned_data
        owner = found.get("owner", "")
        state = found.get("state", "") if "state" in self.data else OPEN
        return Filters(
            source=found.get("source", ""),
            owner=owner if owner == NOBODY or row_id(owner) else "",
            language=found.get("language", "")[:10],
            state=state,
            rule=found.get("rule", ""),
            category=found.get("category", ""),
            words=found.get("q", "").strip(),
        )


class TakeForm(forms.Form):
    """Who closes a gap, and by when."""

    owner = forms.ModelChoiceField(
        label=_("owner"), queryset=User.objects.none(), required=False,
        empty_label=_("nobody"),
    )  # fmt: skip
    due_on = forms.DateField(
        label=_("due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = who_may(DECIDE_GAPS)
        for field in self.fields.values():
            field.widget.attrs["class"] = "sla-input"


class StartForm(forms.Form):
    """Where a new article goes, and what it is for."""

    topic = forms.ModelChoiceField(label=_("topic"), queryset=Topic.objects.none())
    kind = forms.ChoiceField(label=_("purpose"), choices=Kind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.all()
        self.fields["topic"].choices = [
            ("", _("choose a topic")),
            *((each.topic.pk, each.path) for each in topic_choices()),
        ]
        for field in self.fields.values():
            field.widget.attrs["class"] = "sla-input"


class DutyOwnerForm(forms.Form):
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = who_may(DO_DUTIES)


class FlagFilters(forms.Form):
    """Which flags are shown; open ones unless told."""

    state = forms.ChoiceField(
        required=False, choices=[*Flag.State.choices, (ALL, _("All"))]
    )
    kind = forms.ChoiceField(required=False, choices=Flag.Kind.choices)
    mine = forms.BooleanField(required=False)


class NewFlagForm(forms.Form):
    """A flag that comes from no ticket."""

    kind = forms.ChoiceField(
        label=_("kind"),
        choices=[
            (Flag.Kind.MISSING, Flag.Kind.MISSING.label),
            (Flag.Kind.WORKAROUND, Flag.Kind.WORKAROUND.label),
        ],
    )
    text = forms.CharField(label=_("what"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "sla-input"
