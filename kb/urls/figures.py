from django.urls import URLPattern, path

from kb.views.figures import articles, overview, searches, worth

urlpatterns: list[URLPattern] = [
    path("figures/", overview.OverviewView.as_view(), name="figures"),
    path("figures/searches/", searches.SearchesView.as_view(), name="figures-searches"),
    path("figures/searches/one/", searches.SearchView.as_view(), name="figures-search"),
    path("figures/articles/", articles.ArticlesView.as_view(), name="figures-articles"),
    path("figures/coverage/", articles.CoverageView.as_view(), name="figures-coverage"),
    path("figures/value/", worth.ValueView.as_view(), name="figures-value"),
]
