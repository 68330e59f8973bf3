"""Django's settings. The database comes from ``DATABASE_URL``; :mod:`probity.service.wiring` sets it."""

from __future__ import annotations

import os
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

HERE = Path(__file__).parent.parent


def database(url: str) -> dict[str, object]:
    """Django's description of the PostgreSQL database at ``url`` (a libpq address)."""
    parts = conninfo_to_dict(url)
    named = {
        key: str(parts.pop(part, None) or "")
        for key, part in {
            "NAME": "dbname",
            "USER": "user",
            "PASSWORD": "password",
            "HOST": "host",
            "PORT": "port",
        }.items()
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        # Nothing is prepared by itself, however often it comes: only what goes through probity.ledger.prepared.
        "OPTIONS": {**parts, "application_name": "probity", "prepare_threshold": 2**31},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///probity"))}
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "probity.ledger",
    "probity.dossier",
    "probity.intake",
    "probity.scoring",
    "probity.procedures",
    "probity.measures",
    "probity.portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "probity.portal.middleware.Portal",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "probity.portal.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ]
        },
    }
]
# Nothing is signed yet (no sessions, no forms that change anything); a fixed key would be a trap later.
SECRET_KEY = os.environ.get("PROBITY_SECRET_KEY") or os.urandom(32).hex()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("PROBITY_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [HERE / "portal" / "locale"]
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# A refused or unknown address is an answer, not an event; logging it could write a person's code to a file.
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"django.request": {"level": "ERROR"}}}
