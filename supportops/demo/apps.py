from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "supportops.demo"
    label = "demo"
