from django.apps import AppConfig

# The module, not its class: Django would take that for one of ours.
from django.contrib.admin import apps as admin_apps


class CommonConfig(AppConfig):
    name = "supportops.common"
    label = "common"
    default = True


class PortalAdminConfig(admin_apps.AdminConfig):
    default_site = "supportops.common.admin_site.PortalAdminSite"
    default = False
