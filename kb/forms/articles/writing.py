"""A new article, the text being written, its settings, its links, its topics."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kb.core.markdown import LONGEST
from kb.forms.articles import fields
from kb.models import Article, ArticleLink, Kind
from kb.models.articles import TITLE_LENGTH
from kb.selectors.articles.listing import TopicChoice, topic_choices
from kb.selectors.articles.sight import possible_reviewers, staff_people
from kb.services.articles import Settings
from supportops.common.row_fields import RowsField
from tickets.models import Category, CustomerTier


class NewArticleForm(forms.Form):
    title = fields.text(
        _("Title"),
        length=TITLE_LENGTH,
        required=True,
        help_text=_("In the customer's words, best as a question: How do I …?"),
    )
    kind = fields.choice(_("Purpose"), Kind.choices, required=True)
    topic = fields.topic(_("Topic"))
    language = fields.choice(_("Language"), settings.ARTICLE_LANGUAGES, required=True)
    audience = fields.choice(
        _("Who reads it"),
        [
            (Article.Audience.PUBLIC, Article.Audience.PUBLIC.label),
            (Article.Audience.INTERNAL, Article.Audience.INTERNAL.label),
        ],
        required=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = topic_choices()
        topic = self.fields["topic"]
        topic.choices = [(str(each.topic.pk), each.label) for each in choices]
        topic.widget.kinds = {str(each.topic.pk): each.topic.kind for each in choices}
        if "topic" not in self.initial:
            self.initial["topic"] = self._topic_of_kind(choices)

    def _topic_of_kind(self, choices: list[TopicChoice]) -> str | None:
        kind = self.initial.get("kind")
        found = (str(each.topic.pk) for each in choices if each.topic.kind == kind)
        return next(found, None)


class TextForm(forms.Form):
    """A working copy as it is sent; its lengths are judged by the service."""

    title = forms.CharField(required=False, strip=False)
    summary = forms.CharField(required=False, strip=False)
    body = forms.CharField(required=False, strip=False, max_length=2 * LONGEST)
    keywords = forms.CharField(required=False)
    revision = forms.IntegerField(min_value=0)

    def clean_keywords(self) -> list[str]:
        return self.cleaned_data["keywords"].splitlines()


class SettingsForm(forms.Form):
    topic = fields.choice(_("Topic"), required=True)
    kind = fields.choice(_("Purpose"), Kind.choices, required=True)
    audience = fields.choice(_("Who reads it"), Article.Audience.choices, required=True)
    tiers = fields.some_of(_("Of these tiers"), CustomerTier.objects.order_by("rank"))
    language = fields.choice(_("Language"), settings.ARTICLE_LANGUAGES, required=True)
    slug = fields.text(_("Address"), length=120, required=True)
    owner = fields.one_of(_("Owner"), None, empty=_("nobody"), required=False)
    reviewers = fields.some_of(
        _("Reviewers"),
        None,
        help_text=_("If there are any, one of them publishes it."),
    )
    categories = RowsField(
        label=_("Ticket categories it answers"),
        queryset=Category.objects.order_by("path"),
        required=False,
        widget=forms.SelectMultiple(attrs={**fields.INPUT, "size": 6}),
    )
    review_every_days = forms.IntegerField(
        label=_("Review every, days"),
        min_value=1,
        max_value=1095,
        widget=forms.NumberInput(attrs=fields.INPUT),
    )
    is_featured = forms.BooleanField(label=_("Featured"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topic_names()
        self.fields["owner"].queryset = staff_people()
        self.fields["reviewers"].queryset = possible_reviewers()
        # One line a category: the path, not the last name alone.
        self.fields["categories"].label_from_instance = lambda each: each.path

    @staticmethod
    def initial_of(article: Article) -> dict[str, Any]:
        return {
            "topic": article.topic_id,
            "kind": article.kind,
            "audience": article.audience,
            "tiers": article.tiers.all(),
            "language": article.language,
            "slug": article.slug,
            "owner": article.owner_id,
            "reviewers": article.reviewers.all(),
            "categories": article.categories.all(),
            "review_every_days": article.review_every_days,
            "is_featured": article.is_featured,
        }

    def settings(self) -> Settings:
        read = self.cleaned_data
        owner = read["owner"]
        return {
            "topic_id": int(read["topic"]),
            "kind": read["kind"],
            "audience": read["audience"],
            "tier_ids": [tier.pk for tier in read["tiers"]],
            "language": read["language"],
            "slug": read["slug"],
            "owner_id": owner.pk if owner else None,
            "reviewer_ids": [person.pk for person in read["reviewers"]],
            "category_ids": [each.pk for each in read["categories"]],
            "review_every_days": read["review_every_days"],
            "is_featured": read["is_featured"],
        }


class LinkForm(forms.Form):
    """One more link; the page sends the kind and the address of the other article."""

    kind = fields.choice(_("Kind"), ArticleLink.Kind.choices, required=True)
    target = fields.text(_("Article"), length=200, required=True)


class TopicForm(forms.Form):
    name = fields.text(_("Name"), length=80, required=True)
    description = fields.text(_("Description"), length=200)
    kind = fields.choice(_("Purpose"), [("", _("any")), *Kind.choices])
    parent = forms.TypedChoiceField(
        label=_("Under"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs=fields.INPUT),
    )

    def __init__(self, *args: Any, deepest: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [
            ("", _("the top")),
            *(
                (each.topic.pk, each.label)
                for each in topic_choices()
                if each.topic.level <= deepest
            ),
        ]


def topic_names() -> list[tuple[str, str]]:
    return [(str(each.topic.pk), each.label) for each in topic_choices()]
