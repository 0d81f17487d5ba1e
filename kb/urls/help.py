"""Addresses of the public help centre."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from kb.urls import help_assistant
from kb.views.help import addresses, article, contact, home, searching


class LanguageConverter(StringConverter):
    """The code of a language, however articles have it."""

    regex = r"[A-Za-z][A-Za-z0-9_-]{1,9}"


register_converter(LanguageConverter, "language")

app_name = "help"
urlpatterns: list[URLPattern] = [
    path("", home.HomeView.as_view(), name="home"),
    path("search/", searching.SearchView.as_view(), name="search"),
    path("suggest/", searching.SuggestView.as_view(), name="suggest"),
    path("contact/", contact.ContactView.as_view(), name="contact"),
    path(
        "contact/suggest/",
        contact.ContactSuggestView.as_view(),
        name="contact-suggest",
    ),
    path(
        "contact/sent/<str:token>/",
        contact.ContactSentView.as_view(),
        name="contact-sent",
    ),
    path("sitemap.xml", addresses.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", addresses.sitemap_part, name="sitemap-part"),
    *help_assistant.urlpatterns,
    # The languages come last: the words above are none.
    path("<language:language>/", home.HomeView.as_view(), name="language"),
    path("<language:language>/feed.xml", addresses.FeedView.as_view(), name="feed"),
    path(
        "<language:language>/topics/<slug:slug>/",
        home.TopicView.as_view(),
        name="topic",
    ),
    path(
        "<language:language>/topics/<slug:slug>/feed.xml",
        addresses.FeedView.as_view(),
        name="topic-feed",
    ),
    path(
        "<language:language>/<slug:slug>/",
        article.ArticleView.as_view(),
        name="article",
    ),
    path(
        "<language:language>/<slug:slug>/vote/",
        article.VoteView.as_view(),
        name="vote",
    ),
]
