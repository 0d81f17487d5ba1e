"""Try the search: what finds a question, as whom, and how sure it is."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from kb import search
from kb.selectors import known_questions
from kb.selectors.readers import READS_INTERNAL, audience_of
from kb.selectors.searching import choices
from supportops.common.pages import StaffPageMixin

SEE = "kb.view_synonym"
SHOWN = 10


class TryView(StaffPageMixin, TemplateView):
    """What does the search answer, and why that?"""

    permission = SEE
    template_name = "kb/search_tuning/try.html"
    title = _("Search and synonyms")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, user = self.request.GET, self.request.user
        text = asked.get("q", "").strip()
        audiences = choices.audiences(may_read_internal=user.has_perm(READS_INTERNAL))
        audience = asked.get("as", "")
        if audience not in audiences:
            audience = choices.PUBLIC
        languages = choices.languages()
        language = asked.get("language", "")
        if language not in dict(languages):
            language = ""
        results = None
        if text:
            results = search.answer(
                text,
                audience=audiences[audience][1],
                limit=SHOWN,
                language=language or None,
                correct=asked.get("as_typed") != "1",
            )
        return super().get_context_data(
            text=text,
            audience=audience,
            audiences=[(key, name) for key, (name, _who) in audiences.items()],
            language=language,
            languages=languages,
            results=results,
            articles=search.ready(),
            compares_meaning=search.compares_meaning(),
            known=self._known(text) if text else [],
            may_add_question=user.has_perm("kb.add_knownquestion"),
            **kwargs,
        )

    def _known(self, text: str) -> list[known_questions.Question]:
        audience = audience_of(self.request.user)
        return known_questions.known_by_text(text, audience=audience)
