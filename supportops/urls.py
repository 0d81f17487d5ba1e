"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from kb.views.help.addresses import robots
from supportops.api.views import SchemaView
from supportops.common import health

api_v1 = [
    path("", include("tickets.api.urls")),
    path("", include("sla.api.urls")),
    path("", include("qa.api.urls")),
    path("capacity/", include("workforce.capacity.api.urls")),
    path("kb/", include("kb.api.urls")),
    path("", include("supportops.metrics.api.urls")),
    path("schema/", SchemaView.as_view(), name="api-schema"),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("robots.txt", robots, name="robots"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("admin/", admin.site.urls),
    path("", include("sla.urls")),
    path("quality/", include("qa.urls")),
    path("coaching/", include("qa.coaching.urls")),
    path("capacity/", include("workforce.capacity.urls")),
    path("kb/", include("kb.urls")),
    path("help/", include("kb.urls.help")),
    path("metrics/", include("supportops.metrics.urls")),
    path("api/v1/", include(api_v1)),
]
