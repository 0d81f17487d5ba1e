"""Addresses of the public help centre."""

from django.urls import URLPattern

from kb.urls import help_assistant

app_name = "help"
urlpatterns: list[URLPattern] = [
    *help_assistant.urlpatterns,
]
