"""The ticket form: what is typed as subject may be answered before it is sent."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from kb import search
from kb.forms.help import ContactForm
from kb.models import FormVisit
from kb.selectors.help.centre import centre
from kb.selectors.help.promises import promised_answer
from kb.selectors.readers import ANYBODY
from kb.services.forms import CHANNEL, Request, note_suggestions, open_form, send_form
from kb.views.help.pages import QUERY_LENGTH, HelpPage, carried, is_counted, limited_by
from kb.views.help.searching import shown_hits
from kb.visitors import known_visitor, visitor_of
from supportops.common.errors import OperationRefused
from supportops.common.rate_limits import rate_limited
from supportops.common.row_ids import row_id
from tickets.models import Ticket

SUGGESTED = 3
# The page with the number can be opened again that long.
SHOWN_SECONDS = 86400
SALT = "kb.help.contact"


class ContactView(HelpPage):
    """Ask people. Reachable from every page, and it carries the search along."""

    template_name = "help/contact.html"
    is_personal = True
    is_indexed = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ContactForm(
            initial={"subject": self.query, **self._visit()}, words=centre(self.spoken)
        )
        return self.render_to_response(self.get_context_data(form=form))

    def _visit(self) -> dict[str, Any]:
        if not is_counted(self.request):
            return {}
        visitor = visitor_of(self.request)
        return {"visit": open_form(visitor=visitor, at=timezone.now()).pk}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ContactForm(request.POST, words=centre(self.spoken))
        if not form.is_valid():
            return self._again(form)
        # Only what would open a ticket counts against the limit.
        sending = rate_limited("contact", visitor=known_visitor)(self._sent)
        return sending(request, form)  # type: ignore[return-value]

    def _sent(self, request: HttpRequest, form: ContactForm) -> HttpResponse:
        fields = form.cleaned_data
        try:
            ticket = send_form(
                visitor=visitor_of(request),
                visit_id=fields["visit"],
                request=Request(
                    subject=fields["subject"],
                    body=fields["body"],
                    name=fields["name"],
                    email=fields["email"],
                    category=fields["category"],
                    product_area=fields["product_area"],
                    language=self.language,
                ),
                at=timezone.now(),
            )
        except OperationRefused as refused:
            form.add_error(None, refused.message)
            return self._again(form)
        token = signing.dumps(ticket.pk, salt=SALT)
        sent = reverse("help:contact-sent", args=[token])
        return HttpResponseRedirect(sent + carried("", self.language))

    def _again(self, form: ContactForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            canonical="",
            promise=_promise(timezone.now()),
            longest_query=QUERY_LENGTH,
            **kwargs,
        )


@limited_by("suggest")
class ContactSuggestView(View):
    """Articles for the subject typed so far; those who are held out get none."""

    def post(self, request: HttpRequest) -> JsonResponse:
        text, body = (_typed(request, name) for name in ("subject", "body"))
        visit = _visit_of(request)
        if visit is None or not (text or body):
            return _not_kept({"hits": []})
        hits = (
            [] if visit.arm == FormVisit.Arm.HELD_OUT else _answers(request, text, body)
        )
        note_suggestions(
            visit_id=visit.pk,
            visitor=visit.visitor,
            subject=text,
            article_ids=[hit["id"] for hit in hits],
        )
        shown = [
            {"title": hit["title"], "url": hit["url"] + "?from=form"} for hit in hits
        ]
        return _not_kept({"hits": shown})


class ContactSentView(HelpPage):
    """The number of the request, what happens next, and by when."""

    template_name = "help/contact_sent.html"
    is_personal = True
    is_indexed = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            number = signing.loads(
                self.kwargs["token"], salt=SALT, max_age=SHOWN_SECONDS
            )
        except signing.BadSignature as error:
            raise Http404(_("This page was for one day.")) from error
        opened_at = Ticket.objects.values_list("created_at", flat=True)
        at = opened_at.filter(pk=number).first() or timezone.now()
        return super().get_context_data(number=number, promise=_promise(at), **kwargs)


def _visit_of(request: HttpRequest) -> FormVisit | None:
    visitor = known_visitor(request)
    if not visitor:
        return None
    key = row_id(request.POST.get("visit"))
    return FormVisit.objects.filter(pk=key, visitor=visitor).first()


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()[:QUERY_LENGTH]


def _answers(request: HttpRequest, subject: str, body: str) -> list[dict[str, Any]]:
    """Return what answers a request well enough to be shown instead of a form.

    What answers the subject comes first: a description tells much besides, and adds
    what the subject alone does not find.
    """
    language = request.POST.get("language", "")
    shown: dict[int, dict[str, Any]] = {}
    for text in filter(
        None, (subject, f"{subject} {body}"[:QUERY_LENGTH] if body else "")
    ):
        found = search.answer(
            text, audience=ANYBODY, limit=SUGGESTED, language=language
        )
        for hit in shown_hits(found.hits, ANYBODY, language) if found.is_good else []:
            shown.setdefault(hit["id"], hit)
    return list(shown.values())[:SUGGESTED]


def _promise(at: datetime) -> dict[str, str] | None:
    """Return what a request of that moment is promised, and the page that says so."""
    promised = promised_answer(channel=CHANNEL, at=at)
    if promised is None:
        return None
    page = reverse("sla:public-sla") if settings.SLA_PAGE_PUBLIC else ""
    return {**promised._asdict(), "page": page}


def _not_kept(content: dict[str, Any]) -> JsonResponse:
    return JsonResponse(content, headers={"Cache-Control": "private, no-store"})
