"""Addresses of articles, their pictures, topics, translations and exchange."""

from django.urls import URLPattern, path

from kb.views.articles import (
    broken_links,
    editing,
    exchange,
    images,
    listing,
    page,
    publishing,
    topics,
    translations,
    versions,
)

urlpatterns: list[URLPattern] = [
    path("articles/", listing.ArticlesView.as_view(), name="articles"),
    path("articles/bulk/", listing.BulkView.as_view(), name="articles-bulk"),
    path("articles/import/", exchange.ImportView.as_view(), name="articles-import"),
    path("articles/export/", exchange.ExportView.as_view(), name="articles-export"),
    path("articles/new/", editing.NewArticleView.as_view(), name="article-new"),
    path(
        "articles/broken-links/",
        broken_links.BrokenLinksView.as_view(),
        name="broken-links",
    ),
    path(
        "articles/translations/",
        translations.TranslationsView.as_view(),
        name="translations",
    ),
    path("articles/<int:pk>/", page.ArticleView.as_view(), name="article"),
    path("articles/<int:pk>/step/", page.StepView.as_view(), name="article-step"),
    path(
        "articles/<int:pk>/settings/",
        page.SettingsView.as_view(),
        name="article-settings",
    ),
    path("articles/<int:pk>/links/", page.LinksView.as_view(), name="article-links"),
    path("articles/<int:pk>/edit/", editing.EditView.as_view(), name="article-edit"),
    path("articles/<int:pk>/save/", editing.SaveView.as_view(), name="article-save"),
    path(
        "articles/<int:pk>/preview/",
        editing.PreviewView.as_view(),
        name="article-preview",
    ),
    path(
        "articles/<int:pk>/choices/",
        editing.ChoicesView.as_view(),
        name="article-choices",
    ),
    path(
        "articles/<int:pk>/publish/",
        publishing.PublishView.as_view(),
        name="article-publish",
    ),
    path(
        "articles/<int:pk>/versions/",
        versions.VersionsView.as_view(),
        name="article-versions",
    ),
    path(
        "articles/<int:pk>/versions/revert/",
        versions.RevertView.as_view(),
        name="article-revert",
    ),
    path(
        "articles/<int:pk>/translate/",
        translations.TranslateView.as_view(),
        name="article-translate",
    ),
    path("topics/", topics.TopicsView.as_view(), name="topics"),
    path("topics/new/", topics.NewTopicView.as_view(), name="topic-new"),
    path("topics/<int:pk>/", topics.TopicView.as_view(), name="topic"),
    path("images/", images.UploadView.as_view(), name="image-upload"),
    path("images/<slug:key>/", images.ImageView.as_view(), name="image"),
]
