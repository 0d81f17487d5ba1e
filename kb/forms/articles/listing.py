"""What the list of articles is narrowed to, and what is done with those ticked."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kb.forms.articles import fields
from kb.models import Article, Kind
from kb.selectors.articles.listing import SORTS, Filters, topic_choices
from kb.selectors.articles.sight import staff_people
from supportops.common.row_ids import LARGEST_ID, row_ids

ANY = [("", _("any"))]


class FilterForm(forms.Form):
    """Filters that live in the address; what cannot be read is left out."""

    q = fields.text(_("Search"), length=100)
    state = fields.choice(_("State"), [("", _("not archived")), *Article.State.choices])
    topic = fields.choice(_("Topic"))
    kind = fields.choice(_("Purpose"), [*ANY, *Kind.choices])
    audience = fields.choice(_("Audience"), [*ANY, *Article.Audience.choices])
    language = fields.choice(_("Language"), [*ANY, *settings.ARTICLE_LANGUAGES])
    owner = fields.choice(_("Owner"))
    due = fields.choice(
        _("Review"),
        [
            *ANY,
            ("overdue", _("overdue")),
            ("soon", _("due within 30 days")),
            ("never", _("without a day")),
        ],
    )
    only = fields.choice(
        _("Text"), [*ANY, ("changed", _("with changes not published"))]
    )
    sort = fields.choice(_("Order"), [(key, key) for key in SORTS])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [
            *ANY,
            *((str(each.topic.pk), each.label) for each in topic_choices()),
        ]
        self.people = list(staff_people())
        self.fields["owner"].choices = [
            *ANY,
            ("nobody", _("nobody")),
            *((str(person.pk), str(person)) for person in self.people),
        ]
        self.fields["sort"].widget = forms.HiddenInput()

    def filters(self) -> Filters:
        self.is_valid()
        read = self.cleaned_data
        topic = read.get("topic") or ""
        return Filters(
            text=read.get("q", ""),
            topic=int(topic) if topic else None,
            state=read.get("state", ""),
            audience=read.get("audience", ""),
            kind=read.get("kind", ""),
            language=read.get("language", ""),
            owner=read.get("owner", ""),
            due=read.get("due", ""),
            only=read.get("only", ""),
            sort=read.get("sort") or "changed",
        )


class BulkForm(forms.Form):
    """What happens to the ticked articles."""

    verb = forms.ChoiceField(
        choices=[
            (verb, verb) for verb in ("archive", "owner", "topic", "reviewed", "export")
        ]
    )
    ids = forms.TypedMultipleChoiceField(coerce=int)
    redirects_to = forms.IntegerField(required=False, max_value=LARGEST_ID)
    topic = forms.IntegerField(required=False, max_value=LARGEST_ID)
    owner = forms.IntegerField(required=False, max_value=LARGEST_ID)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        # Whether they exist and may be changed is for the service to say.
        self.fields["ids"].choices = [
            (str(k), str(k)) for k in row_ids(data.getlist("ids"))
        ]
