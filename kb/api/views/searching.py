"""Endpoints of search, and of what it is tuned by: synonyms and known questions."""

from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from kb import search
from kb.api.filters import KnownQuestionFilter, SynonymFilter
from kb.api.inputs import KnownQuestionIn, SynonymIn
from kb.api.serializers.searching import KnownQuestionOut, SearchOut, SynonymOut
from kb.models import KnownQuestion, Synonym
from kb.selectors.articles.sight import articles_visible_to
from kb.selectors.readers import ANYBODY, Audience, audience_of
from kb.services.known_questions import add_question
from kb.services.synonyms import Draft, save_synonym
from supportops.api.pagination import NewestFirst
from supportops.api.views import Endpoint

NUMBER = "[0-9]{1,18}"
LONGEST = 300
MOST_HITS = 50
USUAL_HITS = 10
AUDIENCES = ("public", "internal")


class ArticleSearchViewSet(Endpoint, viewsets.ViewSet):
    """Search as the help centre does, over what the caller may read."""

    scope = "kb"
    read_permission = "kb.view_article"
    parameters = frozenset({"q", "audience", "language", "limit"})
    serializer_class = SearchOut
    pagination_class = None

    def described_parameters(self) -> Sequence[OpenApiParameter]:
        return [
            OpenApiParameter(
                "q", str, required=True, description=gettext_lazy("As it is typed.")
            ),
            OpenApiParameter(
                "audience",
                str,
                enum=AUDIENCES,
                description=gettext_lazy(
                    "`public` searches what everybody reads; by default what the caller "
                    "may read."
                ),
            ),
            OpenApiParameter(
                "language",
                str,
                enum=[code for code, _name in settings.ARTICLE_LANGUAGES],
            ),
            OpenApiParameter("limit", int, description=gettext_lazy("1 to 50.")),
        ]

    # One answer, though the action is named list.
    @extend_schema(
        operation_id="kb_search",
        responses=forced_singular_serializer(SearchOut),
    )
    def list(self, request: Request) -> Response:
        """Articles that answer a question, best first. Nothing is recorded."""
        given = request.query_params
        found = search.answer(
            _text(given.get("q", "")),
            audience=_audience(request, given.get("audience", "")),
            limit=_limit(given.get("limit", "")),
            language=_language(given.get("language", "")),
        )
        return Response(SearchOut(found).data)


def _text(given: str) -> str:
    text = given.strip()
    if not text:
        raise ValidationError({"q": [_("This field is required.")]})
    if len(text) > LONGEST:
        words = _("%(length)d characters are too many; %(most)d are allowed.")
        raise ValidationError({"q": [words % {"length": len(text), "most": LONGEST}]})
    return text


def _audience(request: Request, given: str) -> Audience:
    if given not in {"", *AUDIENCES}:
        raise ValidationError({"audience": [_("It is “public” or “internal”.")]})
    # Asking for more than one may read gives what one may read.
    return ANYBODY if given == "public" else audience_of(request.user)


def _limit(given: str) -> int:
    if not given:
        return USUAL_HITS
    is_number = given.isascii() and given.isdigit() and len(given) < 4
    if not is_number or not 1 <= int(given) <= MOST_HITS:
        raise ValidationError(
            {"limit": [_("Write a number from 1 to %(most)d.") % {"most": MOST_HITS}]}
        )
    return int(given)


def _language(given: str) -> str | None:
    if given and given not in dict(settings.ARTICLE_LANGUAGES):
        known = ", ".join(code for code, _name in settings.ARTICLE_LANGUAGES)
        raise ValidationError(
            {"language": [_("Known languages: %(known)s.") % {"known": known}]}
        )
    return given or None


class SynonymViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Words that mean the same to customers; searching one finds the other."""

    scope = "kb"
    read_permission = "kb.view_synonym"
    write_permission = "kb.change_synonym"
    action_permissions: ClassVar[dict[str, str]] = {"create": "kb.add_synonym"}
    queryset = Synonym.objects.all()
    serializer_class = SynonymOut
    filterset_class = SynonymFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    @extend_schema(
        operation_id="kb_synonyms_create",
        request=SynonymIn,
        responses={201: SynonymOut},
    )
    def create(self, request: Request) -> Response:
        """Enter a word; searches find by it at once."""
        return Response(SynonymOut(_save(request, None)).data, status=201)

    @extend_schema(
        operation_id="kb_synonyms_save", request=SynonymIn, responses=SynonymOut
    )
    @action(detail=True, methods=["post"])
    def save(self, request: Request, pk: str) -> Response:
        """Replace an entry, or switch it off."""
        return Response(SynonymOut(_save(request, self.get_object().pk)).data)


def _save(request: Request, pk: int | None) -> Synonym:
    body = SynonymIn(data=request.data)
    body.is_valid(raise_exception=True)
    values = dict(body.validated_data)
    draft = Draft(same_as=tuple(values.pop("same_as")), **values)
    return save_synonym(synonym_id=pk, draft=draft, at=timezone.now())


class KnownQuestionViewSet(Endpoint, viewsets.ReadOnlyModelViewSet):
    """Questions whose right article is known, of articles that the caller sees."""

    scope = "kb"
    read_permission = "kb.view_knownquestion"
    write_permission = "kb.add_knownquestion"
    queryset = KnownQuestion.objects.none()
    serializer_class = KnownQuestionOut
    filterset_class = KnownQuestionFilter
    pagination_class = NewestFirst
    lookup_value_regex = NUMBER

    def get_queryset(self) -> QuerySet[KnownQuestion]:
        seen = articles_visible_to(self.request.user).values("pk")
        return KnownQuestion.objects.filter(article__in=seen)

    @extend_schema(
        operation_id="kb_known_questions_create",
        request=KnownQuestionIn,
        responses={201: KnownQuestionOut},
    )
    def create(self, request: Request) -> Response:
        """Enter a question that search must answer with one article."""
        body = KnownQuestionIn(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        question = add_question(
            article_id=values.pop("article").pk, at=timezone.now(), **values
        )
        return Response(KnownQuestionOut(question).data, status=201)

    def get_serializer_context(self) -> dict[str, object]:
        return {"request": self.request}
