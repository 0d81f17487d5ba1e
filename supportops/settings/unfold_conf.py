"""How every staff page looks."""

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from supportops.settings.navigation import NAVIGATION, TABS

UNFOLD = {
    "TABS": TABS,
    "SITE_TITLE": "SupportOps",
    "SITE_HEADER": "SupportOps",
    "SITE_SUBHEADER": _("Support operations portal"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("brand/mark.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("brand/mark.svg"),
        },
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "supportops.dashboards.home.dashboard_callback",
    "STYLES": [lambda request: static("brand/supportops.css")],
    "SCRIPTS": [
        lambda request: static("brand/keys.js"),
        lambda request: static("brand/bell.js"),
        lambda request: static("brand/labels.js"),
    ],
    "BORDER_RADIUS": "6px",
    # Calm teal (ours), as unfold's OKLCH scale.
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .014 190)",
            "100": "oklch(94% .032 190)",
            "200": "oklch(88% .058 190)",
            "300": "oklch(80% .085 190)",
            "400": "oklch(70% .1 190)",
            "500": "oklch(60% .1 192)",
            "600": "oklch(50% .085 194)",
            "700": "oklch(43% .072 195)",
            "800": "oklch(37% .06 196)",
            "900": "oklch(31% .05 197)",
            "950": "oklch(22% .037 198)",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": NAVIGATION,
    },
}
