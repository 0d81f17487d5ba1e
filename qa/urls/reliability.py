"""Addresses of reliability."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
