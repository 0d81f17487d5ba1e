"""All settings, read from the environment once. ``.env.example`` lists every variable."""

import secrets
from pathlib import Path

import dj_database_url
import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.urls import reverse_lazy

from supportops.settings.celery_conf import celery_settings
from supportops.settings.unfold_conf import UNFOLD  # noqa: F401 -- read by unfold

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()
if env.bool("SUPPORTOPS_READ_DOTENV", default=True):
    environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("SUPPORTOPS_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """Take the key from the environment, or make one once and keep it in ``var/``."""
    key = env.str("SECRET_KEY", default="")
    if key:
        return key
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
ORGANISATION_NAME = env.str("ORGANISATION_NAME", default="SupportOps")
# Whether customers may read what is promised to them at /sla/ without signing in.
SLA_PAGE_PUBLIC = env.bool("SLA_PAGE_PUBLIC", default=True)
# The field of imported tickets that holds the customer's satisfaction, 1 to 5.
SATISFACTION_FIELD = env.str("SATISFACTION_FIELD", default="csat")
# The field of imported tickets that holds the minutes of hands-on work.
HANDLE_TIME_FIELD = env.str("HANDLE_TIME_FIELD", default="handle_minutes")
# The currency of costs, as its ISO code.
CURRENCY = env.str("CURRENCY", default="USD")
# Whether the help centre's search compares meaning too: auto (where the optional package
# wordllama is installed) or off.
SEARCH_EMBEDDINGS = env.str("SEARCH_EMBEDDINGS", default="auto")

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.simple_history",
    "supportops.common.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_celery_beat",
    "django_filters",
    "drf_spectacular",
    "rest_framework",
    "simple_history",
    "supportops.common",
    "supportops.jobs",
    "supportops.notifications",
    "supportops.metrics",
    "supportops.api",
    "workforce.people",
    "tickets",
    "tickets.imports",
    "sla",
    "kb",
    "qa",
    "qa.coaching",
    "workforce.capacity",
    "supportops.desk",
    "supportops.dashboards",
    "supportops.demo",
]

MIDDLEWARE = [
    "supportops.common.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workforce.people.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "supportops.urls"
WSGI_APPLICATION = "supportops.wsgi.application"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "supportops.notifications.context.unread_notifications",
            ],
        },
    },
]

# Measured: DEFERRED read-then-write transactions fail with "database is locked"
# one time in six with four writers; IMMEDIATE never.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA mmap_size=536870912; PRAGMA journal_size_limit=67108864; "
        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
    ),
}


def database(url: str) -> dict:
    """Turn a database URL into Django's settings, tuned for the two we support."""
    config = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        config["CONN_HEALTH_CHECKS"] = False
    return config


DATABASES = {
    "default": database(
        env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'supportops.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Memory of each process. With more than one, a shared cache makes rate limits exact.
CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://?max_entries=5000")
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = env.float("LOGIN_COOLOFF_HOURS", default=0.25)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "common/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
# Staff pages are in English. The help centre speaks what locale/ has a catalogue for, by
# the language of each address: see kb.views.help.pages.
LANGUAGES = [("en", "English")]
HELP_LANGUAGES = ["en", "de", "ja"]
# What articles may be written in, by its own name; pages need not be translated for it.
ARTICLE_LANGUAGES = [
    (code, LANG_INFO[code]["name_local"].capitalize())
    for code in env.list("ARTICLE_LANGUAGES", default=["en", "de", "ja"])
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "supportops.formats"
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Import files are large and private: they live beside the database, never under a URL.
UPLOAD_DIR = VAR_DIR / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A scorecard of 28 criteria with six levels each has more than Django's thousand.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # unfold's Alpine evaluates expressions; measured: without it the login is covered.
        "script-src": [SELF, "'unsafe-eval'"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# Behind TLS set HTTPS=1. The default serves plain HTTP on this machine only.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# What one visitor may do at addresses that are open to everybody.
RATE_LIMITS = {
    "search": env.str("HELP_SEARCH_RATE", default="60/min"),
    "suggest": env.str("HELP_SUGGEST_RATE", default="240/min"),
    "vote": env.str("HELP_VOTE_RATE", default="30/min"),
    "contact": env.str("HELP_CONTACT_RATE", default="10/hour"),
    "assistant": env.str("HELP_ASSISTANT_RATE", default="20/min"),
}
# An office behind one address shares it: as many visitors' worth of each limit.
RATE_LIMIT_VISITORS_PER_ADDRESS = env.int("VISITORS_PER_ADDRESS", default=10)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="support@localhost")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "supportops.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["supportops.api.permissions.ScopedModelPermission"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "supportops.api.pagination.NewestFirst",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["supportops.api.throttling.PerTokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": env.str("API_RATE", default="600/min")},
    "EXCEPTION_HANDLER": "supportops.api.exceptions.refusals_as_conflict",
    "DEFAULT_VERSIONING_CLASS": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SupportOps API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "TicketState": "tickets.models.StatusCategory",
        "ClockState": "sla.models.SlaClock.State",
        "PolicyVersionState": "sla.models.PolicyVersion.State",
        "ScorecardVersionState": "qa.models.ScorecardVersion.State",
        "ReviewState": "qa.models.Review.State",
        "ReviewKind": "qa.models.Review.Kind",
        "DisputeState": "qa.models.Dispute.State",
        "DisputeKind": "qa.models.Dispute.Kind",
        "DisputeOutcome": "qa.models.DisputeLine.Outcome",
        "TicketOutcome": "tickets.models.Outcome",
        "SampleItemState": "qa.models.SampleItem.State",
        "CalibrationState": "qa.models.CalibrationSession.State",
        "ForecastState": "workforce.capacity.models.Forecast.State",
        "InvestigationState": "workforce.capacity.models.Investigation.State",
        "InvestigationOutcome": "workforce.capacity.models.Investigation.Outcome",
        "CapacityEventKind": "workforce.capacity.models.Event.Kind",
        "DecisionState": "workforce.capacity.models.Decision.State",
        "DecisionKind": "workforce.capacity.models.Decision.Kind",
        "TriggerState": "workforce.capacity.models.Trigger.State",
        # The name it had before triggers had a direction too.
        "DirectionEnum": "tickets.models.Message.Direction",
        "TriggerDirection": "workforce.capacity.models.Trigger.Direction",
        "ForecastMethod": "workforce.capacity.models.Method",
        "ArticleState": "kb.models.Article.State",
        "ArticleKind": "kb.models.Kind",
        "FlagState": "kb.models.Flag.State",
        "FlagKind": "kb.models.Flag.Kind",
    },
}

globals().update(celery_settings(env, VAR_DIR))

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
HOME_URL = reverse_lazy("admin:index")

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "supportops.common.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_FORMAT == "json" else "text",
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        "axes": {"level": "WARNING"},
    },
}
