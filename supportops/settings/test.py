"""Settings for tests: quick hashing, tasks in the caller, mail in memory."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ["SUPPORTOPS_READ_DOTENV"] = "0"
if "SUPPORTOPS_VAR" not in os.environ:
    os.environ["SUPPORTOPS_VAR"] = tempfile.mkdtemp(prefix="supportops-test-")
    atexit.register(shutil.rmtree, os.environ["SUPPORTOPS_VAR"], ignore_errors=True)
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from supportops.settings.base import *  # noqa: F403 -- the environment comes first
from supportops.settings.base import DATABASES, MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
AXES_ENABLED = False
SEARCH_EMBEDDINGS = "off"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
MIDDLEWARE = [m for m in MIDDLEWARE if "whitenoise" not in m]
DATABASES["default"]["CONN_MAX_AGE"] = 0
LOGGING_CONFIG = None
