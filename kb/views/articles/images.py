"""Pictures of articles: shown to everybody who knows their key, taken from writers."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from kb.selectors.articles.images import address_of, images_of, key_of
from kb.services.images import store_image
from kb.views.acting import actor_of
from supportops.common.errors import OperationRefused
from supportops.common.pages import StaffPageMixin

KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
A_YEAR = 365 * 86400


class ImageView(View):
    """One picture. Its key is part of a hash of its content, so it never changes."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, key: str) -> HttpResponseBase:
        image = images_of([key]).get(key)
        if image is None:
            raise Http404
        kind = KINDS.get("." + image.file.name.rpartition(".")[2])
        if kind is None:
            raise Http404
        try:
            content = image.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(content, content_type=kind)
        response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


class UploadView(StaffPageMixin, View):
    """Store one picture and answer with what to write into the text."""

    permission = "kb.change_article"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        file = request.FILES.get("file")
        if file is None:
            return JsonResponse({"message": _("Choose a picture.")}, status=400)
        try:
            image = store_image(
                file=file,
                alt=request.POST.get("alt", ""),
                actor=actor_of(request),
                at=timezone.now(),
            )
        except OperationRefused as refusal:
            return JsonResponse(
                {"message": str(refusal), "code": refusal.code}, status=409
            )
        alt = image.alt.replace("[", "(").replace("]", ")")
        return JsonResponse(
            {
                "markdown": f"![{alt}](image:{key_of(image.digest)})",
                "url": address_of(image),
            }
        )
