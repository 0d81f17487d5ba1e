"""Forms of a coaching talk: planning one, and writing it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.coaching.forms import fields
from qa.coaching.forms.goals import FilledFormSet
from qa.coaching.models import CoachingPoint, CoachingSession, Playbook
from qa.coaching.selectors.facts import reviews_of
from qa.coaching.selectors.people import coachable_by, coaches
from qa.coaching.services.session_content import (
    GoalContent,
    PointContent,
    SessionContent,
)
from qa.selectors.reviews import reviews_visible_to
from workforce.people.models import User


class PlanSessionForm(forms.Form):
    """Who talks with whom, by when."""

    agent = fields.person(gettext_lazy("With"), User.objects.none())
    coach = fields.person(
        gettext_lazy("Coach"),
        User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody yet"),
    )
    due_on = fields.day(gettext_lazy("To be held by"))
    scheduled_at = fields.moment(gettext_lazy("Takes place (if you know)"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = coachable_by(user).order_by("last_name", "first_name", "pk")
        self.fields["agent"].queryset = people
        self.fields["coach"].queryset = coaches()


class SessionForm(forms.Form):
    """Everything but the rows of points and goals."""

    expected_changed_at = forms.CharField(widget=forms.HiddenInput)
    period_start = fields.day(gettext_lazy("Period from"))
    period_last = fields.day(gettext_lazy("until and including"))
    due_on = fields.day(gettext_lazy("To be held by"))
    scheduled_at = fields.moment(gettext_lazy("Takes place"))
    playbook = forms.ModelChoiceField(
        label=gettext_lazy("Playbook"),
        required=False,
        queryset=Playbook.objects.order_by("position", "pk"),
        empty_label=gettext_lazy("none"),
        widget=forms.Select(attrs=fields.styled()),
    )
    focus = fields.text(
        gettext_lazy("The one focus"),
        required=False,
        help_text=gettext_lazy("One area. Two are none."),
    )
    focus_why = fields.area(gettext_lazy("Why it matters"), rows=2)
    focus_how = fields.area(gettext_lazy("How to improve"), rows=4)
    resources = fields.area(gettext_lazy("Resources"), rows=3)
    shared_notes = fields.area(gettext_lazy("Notes for both"), rows=3)
    private_notes = fields.area(
        gettext_lazy("My own notes"),
        rows=3,
        help_text=gettext_lazy(
            "The agent never reads these; leads of the team and support leads do."
        ),
    )
    next_on = fields.day(gettext_lazy("Next talk"), required=False)
    check_in = fields.text(gettext_lazy("Check-in on"), required=False)

    def clean_expected_changed_at(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["expected_changed_at"])
        except ValueError as error:
            raise forms.ValidationError(_("Load the page again.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, last = data.get("period_start"), data.get("period_last")
        if start and last and last < start:
            self.add_error("period_last", _("The period ends after it starts."))
        return data

    def content(
        self, points: list[PointContent], goals: list[GoalContent]
    ) -> SessionContent:
        data = {**self.cleaned_data}
        data.pop("expected_changed_at")
        last = data.pop("period_last")
        return SessionContent(
            **data, period_end=last + timedelta(days=1), points=points, goals=goals
        )


def session_initial(session: CoachingSession, notes: str) -> dict[str, Any]:
    names = (
        "period_start",
        "due_on",
        "scheduled_at",
        "playbook",
        "focus",
        "focus_why",
        "focus_how",
        "resources",
        "shared_notes",
        "next_on",
        "check_in",
    )
    return {
        **{name: getattr(session, name) for name in names},
        "expected_changed_at": session.changed_at.isoformat(),
        "period_last": session.period_end - timedelta(days=1),
        "private_notes": notes,
    }


class PointForm(forms.Form):
    """One strength or opportunity; a row without words is none."""

    text = forms.CharField(
        label=gettext_lazy("What"),
        required=False,
        widget=forms.Textarea(attrs=fields.styled(rows=2)),
    )
    review = fields.choice(gettext_lazy("Example"), required=False)
    criterion = forms.SlugField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reviews: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review"].choices = reviews

    @property
    def is_filled(self) -> bool:
        return bool(getattr(self, "cleaned_data", {}).get("text"))

    def content(self, kind: str) -> PointContent:
        data = self.cleaned_data
        return PointContent(
            kind=kind,
            text=data["text"],
            review_id=int(data["review"]) if data["review"] else None,
            criterion_key=data["criterion"],
        )


PointFormSet = forms.formset_factory(PointForm, formset=FilledFormSet, extra=2)
KINDS = {
    "strengths": CoachingPoint.Kind.STRENGTH,
    "opportunities": CoachingPoint.Kind.OPPORTUNITY,
}


def review_choices(session: CoachingSession, user: User) -> list[tuple[str, str]]:
    """Reviews of the period that the coach may read, and those already chosen."""
    inside = reviews_of(session.agent, session.period_start, session.period_end)
    chosen = session.points.filter(review__isnull=False).values("review")
    rows = (
        reviews_visible_to(user)
        .filter(agent=session.agent)
        .select_related("ticket")
        .order_by("-released_at", "-pk")
    )
    listed = rows.filter(pk__in=inside.values("pk")) | rows.filter(pk__in=chosen)
    return [("", _("none")), *((str(row.pk), _review_name(row)) for row in listed)]


def _review_name(review: Any) -> str:
    score = "–" if review.score is None else number_format(review.score, 0)
    return _("#%(ticket)d, %(score)s/100: %(subject)s") % {
        "ticket": review.ticket_id,
        "score": score,
        "subject": review.ticket.subject[:50],
    }
