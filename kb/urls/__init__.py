"""Addresses of the knowledge base's staff side, one module a noun."""

from kb.urls import (
    articles,
    assistant,
    experiments,
    figures,
    search_tuning,
    work,
)

app_name = "kb"
urlpatterns = [
    *articles.urlpatterns,
    *work.urlpatterns,
    *figures.urlpatterns,
    *assistant.urlpatterns,
    *experiments.urlpatterns,
    *search_tuning.urlpatterns,
]
