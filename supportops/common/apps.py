from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "supportops.common"
    label = "common"
