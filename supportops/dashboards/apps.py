from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "supportops.dashboards"
    label = "dashboards"
