"""The articles' panel of the ticket page: suggested, searched, inserted, linked, flagged."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from kb.core.quoting import quoted
from kb.models import Article, Flag, TicketArticle
from kb.selectors import ticket_articles as selectors
from kb.selectors.help.hosts import has_own_address
from kb.services import flags
from kb.services import ticket_articles as services
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_id
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to

READ = "kb.view_article"
WORK = "tickets.work_ticket"
FLAG = "kb.add_flag"
UNFOLDED = 2
"""Articles shown at once; the others are a click away."""


class TicketArticlesPage(StaffPageMixin, TemplateView):
    """Articles for one ticket: a page of its own, or its part fetched by the ticket page."""

    permission = READ
    template_name = "desk/articles.html"
    notice = ""

    @cached_property
    def ticket(self) -> Ticket:
        if not self.request.user.has_perm("tickets.view_ticket"):
            raise PermissionDenied
        visible = tickets_visible_to(self.request.user)
        return get_object_or_404(
            visible.select_related("organisation"), pk=self.kwargs["ticket_id"]
        )

    @property
    def is_part(self) -> bool:
        return self.request.headers.get("X-Requested-With") == "fetch"

    def get_template_names(self) -> list[str]:
        return ["desk/articles_part.html"] if self.is_part else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticket = self.ticket
        words = " ".join(self.request.GET.get("q", "").split())[:300]
        found = selectors.suggestions_for(ticket, words=words)
        used = selectors.articles_of(ticket)
        shown = found.found or found.nearest
        known = {line.article.pk: line.article for line in shown}
        known |= {use.article_id: use.article for use in used}
        user = self.request.user
        is_linked = TicketArticle.Use.LINKED
        lines = [
            (line, reply_text(self.request, line.article), quoted(line.lines))
            for line in shown
        ]
        is_nothing = bool(words) and not found.found
        kwargs.setdefault("typed", {"text": words} if is_nothing else {})
        unfolded = 0 if is_nothing else UNFOLDED
        return super().get_context_data(
            title=_("Articles for #%(number)d") % {"number": ticket.pk},
            ticket=ticket,
            words=words,
            found=found,
            lines=lines[:unfolded],
            folded=lines[unfolded:],
            is_nothing=is_nothing,
            flags=selectors.flags_of(ticket),
            used=[(use, use.use == is_linked) for use in used],
            known=sorted(known.values(), key=lambda one: (one.title, one.pk)),
            kinds=Flag.Kind.choices,
            may_work=user.has_perm(WORK),
            may_flag=user.has_perm(FLAG),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act, permission = {
            "link": (self._link, WORK),
            "unlink": (self._unlink, WORK),
            "insert": (self._insert, WORK),
            "insert_quote": (self._insert, WORK),
            "flag": (self._flag, FLAG),
        }.get(request.POST.get("verb", ""), (None, ""))
        # The ticket first: whoever may not see it learns nothing of it.
        if self.ticket is None or act is None or not request.user.has_perm(permission):
            raise PermissionDenied
        refusal, after = "", None
        try:
            after = act()
        except OperationRefused as refused:
            refusal = str(refused)
        if self.is_part:
            status = 422 if refusal else 200
            # A refused flag keeps its words.
            kept = {"typed": request.POST} if refusal else {}
            context = self.get_context_data(refusal=refusal, notice=self.notice, **kept)
            return self.render_to_response(context, status=status)
        if refusal:
            messages.error(request, refusal)
        elif self.notice:
            messages.success(request, self.notice)
        return redirect(after or request.get_full_path())

    def _link(self) -> None:
        self._use(TicketArticle.Use.LINKED, self._article_id())

    def _unlink(self) -> None:
        services.unlink_article(ticket_id=self.ticket.pk, article_id=self._article_id())

    def _insert(self) -> str:
        """Note the use, and open the ticket with the reply filled in."""
        article = selectors.readable_by_customer(self.ticket, self._article_id())
        if article is None:
            raise services.ArticleNotUsable(
                _("The customer may not read this article, so it is not sent to them.")
            )
        self._use(TicketArticle.Use.INSERTED, article.pk)
        address = reverse("admin:tickets_ticket_change", args=[self.ticket.pk])
        is_quoted = self.request.POST.get("verb") == "insert_quote"
        quote = "&quote=1" if is_quoted else ""
        return f"{address}?insert={article.pk}{quote}#id_reply_body"

    def _flag(self) -> None:
        article = self._article_id() if self.request.POST.get("article") else None
        if article:
            get_object_or_404(Article, pk=article)
        flags.raise_flag(
            kind=self.request.POST.get("kind", ""),
            text=self.request.POST.get("text", ""),
            ticket_id=self.ticket.pk,
            article_id=article,
            actor=self.request.user,
            at=timezone.now(),
        )
        self.notice = _("The flag is on the worklist.")

    def _article_id(self) -> int:
        article = row_id(self.request.POST.get("article"))
        if article is None:
            raise Http404
        return article

    def _use(self, use: str, article_id: int) -> None:
        services.use_article(
            ticket_id=self.ticket.pk,
            article_id=article_id,
            use=use,
            actor=self.request.user,
            at=timezone.now(),
        )


def reply_text(request: HttpRequest, article: Article) -> str:
    """Return what is put into a reply: the title, and the address where there is one.

    Where nobody has said under which address the portal is found, it is the one under
    which this page was asked for.
    """
    if article.audience != Article.Audience.PUBLIC:
        return article.title
    path = reverse("help:article", args=[article.language, article.slug])
    if has_own_address():
        return f"{article.title}\n{settings.SITE_URL.rstrip('/')}{path}"
    return f"{article.title}\n{request.build_absolute_uri(path)}"


def first_reply(request: HttpRequest, ticket: Ticket) -> str:
    """Return the text that a reply starts with, for an article chosen without scripts."""
    asked = row_id(request.GET.get("insert"))
    if asked is None or not request.user.has_perm(READ):
        return ""
    article = selectors.readable_by_customer(ticket, asked)
    if article is None:
        return ""
    text = reply_text(request, article)
    if request.GET.get("quote"):
        text += f"\n\n{quoted(selectors.passage_for(ticket, article))}"
    return text
