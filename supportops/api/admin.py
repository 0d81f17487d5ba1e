"""API tokens: everybody keeps their own, administrators see them all."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from supportops.api import services
from supportops.api.forms import NewTokenForm
from supportops.api.models import ApiToken
from supportops.api.scopes import SCOPES
from supportops.api.selectors import tokens_visible_to


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin):
    list_display = (
        "name",
        "user",
        "beginning",
        "scope_names",
        "state",
        "last_used_at",
        "expires_at",
    )
    list_display_links = ("name",)
    list_per_page = 25
    show_full_result_count = False
    search_fields = ("name", "user__username", "user__last_name")
    ordering = ("-pk",)
    fields = (
        "name",
        "user",
        "beginning",
        "scope_names",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
        "revoked_by",
    )
    readonly_fields = fields
    actions = ("revoke_selected",)
    actions_detail = ("ask_to_revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        return tokens_visible_to(request.user)

    def has_change_permission(
        self, request: HttpRequest, obj: ApiToken | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: ApiToken | None = None
    ) -> bool:
        return False

    def has_revoke_permission(
        self, request: HttpRequest, object_id: Any = None
    ) -> bool:
        return request.user.has_perm("api.view_apitoken")

    def get_urls(self) -> list[URLPattern]:
        revoke = self.admin_site.admin_view(self.revoke_view)
        own = [path("<int:pk>/revoke/", revoke, name="api_apitoken_revoke")]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Make a token, and show its secret this once."""
        if not self.has_add_permission(request):
            self._refuse()
        form = NewTokenForm(request.POST or None, user=request.user)
        context = {"title": _("New API token"), "form": form}
        if request.method == "POST" and form.is_valid():
            token, secret = self._issue(request, form)
            context = {
                "title": _("Copy the token now"),
                "token": token,
                "secret": secret,
                "scope_names": self.scope_names(token),
            }
        response = self._page(request, "api/new_token.html", context)
        # A secret must not lie in a cache or come back with the back button.
        response.headers["Cache-Control"] = "no-store"
        return response

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then revoke. Another person's token is not found."""
        token = self.get_object(request, str(pk))
        if not self.has_revoke_permission(request):
            self._refuse()
        if token is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if request.method == "POST":
            self._revoke(request, [token])
            return redirect("admin:api_apitoken_changelist")
        context = {"title": _("Revoke this token?"), "token": token}
        return self._page(request, "api/revoke_token.html", context)

    @action(description=_("Revoke"), permissions=["revoke"], icon="block")
    def ask_to_revoke(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(reverse("admin:api_apitoken_revoke", args=[object_id]))

    @admin.action(description=_("Revoke selected tokens"), permissions=["revoke"])
    def revoke_selected(
        self, request: HttpRequest, queryset: QuerySet[ApiToken]
    ) -> None:
        self._revoke(request, list(queryset))

    @display(description=_("begins with"))
    def beginning(self, token: ApiToken) -> str:
        return f"{token.hint}…"

    @display(description=_("may"))
    def scope_names(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @display(
        description=_("state"),
        label={"live": "success", "expired": "warning", "revoked": "danger"},
    )
    def state(self, token: ApiToken) -> tuple[str, Any]:
        if token.revoked_at:
            return "revoked", _("revoked")
        if not token.is_live(timezone.now()):
            return "expired", _("expired")
        return "live", _("in force")

    def _issue(self, request: HttpRequest, form: NewTokenForm) -> tuple[ApiToken, str]:
        now = timezone.now()
        token, secret = services.issue_token(
            user=form.token_owner,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            at=now,
            expires_at=form.cleaned_data["lifetime"].end(now),
        )
        self.log_addition(request, token, f"{token.user}: {', '.join(token.scopes)}")
        return token, secret

    def _revoke(self, request: HttpRequest, tokens: list[ApiToken]) -> None:
        revoked = 0
        for token in tokens:
            was_live = services.revoke_token(
                token_id=token.pk, actor=request.user, at=timezone.now()
            )
            if was_live:
                self.log_change(request, token, "revoked")
                revoked += 1
        message = ngettext(
            "%(count)d token revoked.", "%(count)d tokens revoked.", revoked
        )
        level = messages.SUCCESS if revoked else messages.WARNING
        self.message_user(request, message % {"count": revoked}, level)

    def _page(
        self, request: HttpRequest, template: str, context: dict[str, Any]
    ) -> TemplateResponse:
        frame = self.admin_site.each_context(request)
        own = {"opts": self.opts, "known_scopes": SCOPES}
        return TemplateResponse(request, template, {**frame, **own, **context})

    @staticmethod
    def _refuse() -> None:
        raise PermissionDenied
