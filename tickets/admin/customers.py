"""Organisations, their tiers, and their people."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from supportops.common.histories import GuardedHistory
from tickets.models import Contact, ContactAddress, CustomerTier, Organisation


@admin.register(CustomerTier)
class CustomerTierAdmin(ModelAdmin):
    list_display = ("name", "code", "rank", "default_multiplier", "customers")
    ordering = ("rank", "pk")
    search_fields = ("name", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerTier]:
        return super().get_queryset(request).annotate(served=Count("organisations"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        # Published policies name tiers by their code.
        return ("code",) if obj else ()

    @admin.display(description=_("customers"), ordering="served")
    def customers(self, tier: Any) -> int:
        return tier.served


@admin.register(Organisation)
class OrganisationAdmin(GuardedHistory, ModelAdmin):
    list_display = ("name", "tier", "plan", "mrr", "health", "csm", "region")
    list_select_related = ("tier", "csm", "region")
    list_filter = (
        ("tier", RelatedDropdownFilter),
        ("health", ChoicesDropdownFilter),
        ("csm", AutocompleteSelectFilter),
        ("region", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_per_page = 25
    show_full_result_count = False
    ordering = ("name", "pk")
    search_fields = ("name",)
    autocomplete_fields = ("csm", "region")
    readonly_fields = ("source", "external_id")
    fieldsets = (
        (None, {"fields": ("name", ("tier", "plan"), ("mrr", "health"), "csm")}),
        (_("Place"), {"fields": (("region", "time_zone"),)}),
        (_("Origin"), {"fields": (("source", "external_id"),)}),
    )


class ContactAddressInline(TabularInline):
    model = ContactAddress
    fields = ("kind", "value")
    extra = 0


@admin.register(Contact)
class ContactAdmin(ModelAdmin):
    list_display = ("name", "organisation", "addresses_shown", "is_vip", "language")
    list_select_related = ("organisation",)
    list_filter = (
        ("organisation", AutocompleteSelectFilter),
        ("is_vip", admin.BooleanFieldListFilter),
    )
    list_filter_submit = True
    list_per_page = 25
    show_full_result_count = False
    ordering = ("name", "pk")
    search_fields = ("name", "addresses__value")
    autocomplete_fields = ("organisation",)
    readonly_fields = ("source", "external_id")
    fields = (
        "name",
        "organisation",
        ("language", "time_zone"),
        "is_vip",
        ("source", "external_id"),
    )
    inlines = (ContactAddressInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return super().get_queryset(request).prefetch_related("addresses")

    @admin.display(description=_("addresses"))
    def addresses_shown(self, contact: Contact) -> str:
        return ", ".join(sorted(row.value for row in contact.addresses.all()))
