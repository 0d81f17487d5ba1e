"""People, teams, regions and skills in the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from workforce.people.models import Region, Skill, SkillLevel, Team, User

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(BaseGroupAdmin, ModelAdmin):
    """Roles are shipped as groups; an administrator may add others."""


class SkillLevelInline(TabularInline):
    model = SkillLevel
    fields = ("skill", "level")
    autocomplete_fields = ("skill",)
    extra = 0
    tab = True


USABLE_PASSWORD_HELP = _(
    "Disabled: nobody can sign in to this account. Its API tokens work all the same."
)


class UserAddForm(UserCreationForm):
    """A new account; says what a disabled password means here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["usable_password"]
        field.label, field.help_text = _("Signing in"), USABLE_PASSWORD_HELP


class HasSignIn(admin.SimpleListFilter):
    """Our own people, or the names that only an import brought."""

    title = _("origin")
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("own", _("Own people")), ("imported", _("Named by an import"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "own":
            return queryset.filter(imported_from="")
        if self.value() == "imported":
            return queryset.exclude(imported_from="")
        return queryset


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserAddForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "team", "level", "roles", "is_active")
    list_select_related = ("team",)
    list_filter = (
        ("team", AutocompleteSelectFilter),
        ("level", ChoicesDropdownFilter),
        ("groups", RelatedDropdownFilter),
        ("is_active", admin.BooleanFieldListFilter),
        HasSignIn,
    )
    list_filter_submit = True
    list_per_page = 25
    show_full_result_count = False
    ordering = ("username", "pk")
    search_fields = ("username", "first_name", "last_name", "email")
    autocomplete_fields = ("team",)
    readonly_fields = ("imported_from", "last_login", "date_joined")
    inlines = (SkillLevelInline,)
    fieldsets = (
        (None, {"fields": ("username", "password", ("first_name", "last_name"))}),
        (
            _("Work"),
            {
                "fields": (
                    "email",
                    ("team", "level"),
                    "time_zone",
                    "is_automation",
                    "imported_from",
                )
            },
        ),
        (
            _("Access"),
            {
                "fields": (
                    ("is_active", "is_staff", "is_superuser"),
                    "groups",
                    "user_permissions",
                    ("last_login", "date_joined"),
                ),
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    ("first_name", "last_name"),
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                    "team",
                    "is_staff",
                    "groups",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_inlines(self, request: HttpRequest, obj: User | None) -> tuple:
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return tuple(fields)
        # Nobody gives themself more than their role: groups are roles, and enough.
        return (*fields, "is_superuser", "user_permissions")

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        if self._is_above(request, obj):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        if self._is_above(request, obj):
            return False
        return super().has_delete_permission(request, obj)

    @staticmethod
    def _is_above(request: HttpRequest, obj: User | None) -> bool:
        return bool(obj and obj.is_superuser and not request.user.is_superuser)

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(sorted(group.name for group in user.groups.all()))


@admin.register(Team)
class TeamAdmin(ModelAdmin):
    list_display = ("name", "level", "region", "lead", "people", "imported_from")
    list_select_related = ("region", "lead")
    list_filter = (("level", ChoicesDropdownFilter), HasSignIn)
    list_filter_submit = True
    list_per_page = 25
    ordering = ("name", "pk")
    search_fields = ("name",)
    autocomplete_fields = ("region", "lead")
    readonly_fields = ("imported_from",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        active = Count("members", filter=Q(members__is_active=True))
        return super().get_queryset(request).annotate(active_members=active)

    @admin.display(description=_("active people"), ordering="active_members")
    def people(self, team: Any) -> int:
        return team.active_members


@admin.register(Region)
class RegionAdmin(ModelAdmin):
    list_display = ("name", "country", "time_zone")
    ordering = ("name", "pk")
    search_fields = ("name",)


@admin.register(Skill)
class SkillAdmin(ModelAdmin):
    list_display = ("name", "people_with_it")
    ordering = ("name", "pk")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        return super().get_queryset(request).annotate(holders=Count("levels"))

    @admin.display(description=_("people"), ordering="holders")
    def people_with_it(self, skill: Any) -> int:
        return skill.holders
