#!/bin/sh
# Django's deployment checks under the settings that production uses; a warning fails.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
SECRET_KEY=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')
export SECRET_KEY
# .env is the operator's own: what it says must not decide whether the code passes.
DEBUG=0 HTTPS=1 ALLOWED_HOSTS=support.example.com \
    SITE_URL=https://support.example.com SUPPORTOPS_VAR=$folder \
    DATABASE_URL=sqlite:///$folder/check.sqlite3 CELERY_BROKER_URL=redis://127.0.0.1:6379/0 \
    DJANGO_SETTINGS_MODULE=supportops.settings \
    .venv/bin/python manage.py check --deploy --fail-level WARNING
