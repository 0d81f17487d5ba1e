from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "supportops.desk"
    label = "desk"
