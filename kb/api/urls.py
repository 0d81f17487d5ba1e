"""Addresses of the knowledge base's side of the API, all under ``kb/``."""

from rest_framework.routers import SimpleRouter

from kb.api.views import articles, flags, searching

router = SimpleRouter()
router.register("articles", articles.ArticleViewSet, basename="api-kb-article")
router.register("topics", articles.TopicViewSet, basename="api-kb-topic")
router.register("versions", articles.ArticleVersionViewSet, basename="api-kb-version")
router.register("search", searching.ArticleSearchViewSet, basename="api-kb-search")
router.register("synonyms", searching.SynonymViewSet, basename="api-kb-synonym")
router.register(
    "known-questions",
    searching.KnownQuestionViewSet,
    basename="api-kb-known-question",
)
router.register("flags", flags.FlagViewSet, basename="api-kb-flag")

urlpatterns = router.urls
