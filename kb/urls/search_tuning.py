"""Addresses of the pages that look after the search."""

from django.urls import URLPattern, path

from kb.views.search_tuning import questions, synonyms, trying

urlpatterns: list[URLPattern] = [
    path("search/", trying.TryView.as_view(), name="search"),
    path("search/questions/", questions.QuestionsView.as_view(), name="questions"),
    path(
        "search/questions/new/",
        questions.QuestionNewView.as_view(),
        name="question-new",
    ),
    path(
        "search/questions/<int:pk>/", questions.QuestionView.as_view(), name="question"
    ),
    path(
        "search/questions/<int:pk>/active/",
        questions.QuestionActiveView.as_view(),
        name="question-active",
    ),
    path("search/synonyms/", synonyms.SynonymsView.as_view(), name="synonyms"),
    path("search/synonyms/new/", synonyms.SynonymNewView.as_view(), name="synonym-new"),
    path("search/synonyms/<int:pk>/", synonyms.SynonymView.as_view(), name="synonym"),
    path(
        "search/synonyms/<int:pk>/delete/",
        synonyms.SynonymDeleteView.as_view(),
        name="synonym-delete",
    ),
]
