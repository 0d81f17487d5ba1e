"""Articles as Markdown files: import with a preview, export of a selection."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from kb.forms.articles.listing import FilterForm
from kb.selectors.articles.listing import listed
from kb.selectors.articles.sight import PUBLISH, VIEW, articles_visible_to
from kb.services import exchange
from kb.services.articles import BrokenLinks
from kb.services.exchange.exporting import for_export
from kb.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin
from supportops.common.row_ids import row_ids
from supportops.metrics.scopes import today

MOST_EXPORTED = 2000


class ImportView(StaffPageMixin, TemplateView):
    """Choose files; see what would come of them; import them."""

    permission = PUBLISH
    title = gettext_lazy("Import articles")
    template_name = "kb/articles/import.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            if request.POST.get("token"):
                return self._import(request)
            uploads = request.FILES.getlist("files")
            exchange.refuse_size(sum(upload.size or 0 for upload in uploads))
            files = exchange.read_upload(
                (upload.name or "", upload.read()) for upload in uploads
            )
            found = exchange.plan(files)
            token = ""
            if found.writes:
                token = exchange.keep(files, found, actor_of(request))
        except OperationRefused as refusal:
            context = self.get_context_data(refusal=str(refusal))
            return self.render_to_response(context, status=422)
        return self.render_to_response(self.get_context_data(plan=found, token=token))

    def _import(self, request: HttpRequest) -> HttpResponse:
        token, user = request.POST["token"], actor_of(request)
        files, seen = exchange.kept(token, user)
        found = exchange.plan(files)
        exchange.refuse_changed(found, seen)
        try:
            count = exchange.apply(
                found,
                files=files,
                actor=user,
                at=timezone.now(),
                publishes=request.POST.get("publishes") == "on",
                accepts_broken_links=request.POST.get("broken_links") == "on",
            )
        except BrokenLinks as refusal:
            # The files are kept: ticking the box and sending again is enough.
            context = self.get_context_data(
                plan=found, token=token, refusal=str(refusal), broken=refusal.count
            )
            return self.render_to_response(context, status=409)
        exchange.forget(token, user)
        words = ngettext(
            "%(n)s article is imported.", "%(n)s articles are imported.", count
        )
        messages.success(request, words % {"n": count})
        return redirect("kb:articles")


class ExportView(StaffPageMixin, View):
    """The ticked articles as a .zip, else all that the filters show."""

    permission = VIEW
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        user = actor_of(request)
        ticked = row_ids(request.GET.getlist("ids"))
        if ticked:
            rows: Any = articles_visible_to(user).filter(pk__in=ticked)
        else:
            filters = FilterForm(request.GET).filters()
            rows = listed(user, filters, today=today(timezone.now()))
        ids = [row.pk for row in rows[: MOST_EXPORTED + 1]]
        if len(ids) > MOST_EXPORTED:
            messages.error(
                request,
                _("At most %(most)s articles are exported at once. Narrow the list.")
                % {"most": MOST_EXPORTED},
            )
            return redirect("kb:articles")
        content = exchange.export_zip(for_export(ids))
        headers = {"Content-Disposition": 'attachment; filename="articles.zip"'}
        return HttpResponse(content, content_type="application/zip", headers=headers)
