"""Django's settings, all read from the environment; `docs/operations` lists every name."""

from __future__ import annotations

import os
import pathlib
import tomllib

from fisc.plumbing import database, problem_log, secret_key
from fisc.plumbing.postgres import places

PACKAGE = pathlib.Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]

FISC_HOME = places.home_from_environment()
FISC_CITY = pathlib.Path(os.environ.get("FISC_CITY", CHECKOUT / "cities" / "mesquite_springs"))
# Bills and letters as they were sent, by their hash. A backup covers it and the database.
FISC_DOCUMENTS = pathlib.Path(os.environ.get("FISC_DOCUMENTS", FISC_HOME / "documents"))
FISC_PUBLIC_ADDRESS = os.environ.get("FISC_PUBLIC_ADDRESS", "").rstrip("/")
FISC_HTTPS = os.environ.get("FISC_HTTPS", "") == "1"


def _city_zone() -> str:
    """Days are the city's days, so its zone is the city's to say."""
    described = FISC_CITY / "city.toml"
    if not described.exists():
        return "UTC"
    return str(tomllib.loads(described.read_text(encoding="utf-8"))["zone"])


def _apps_of(floor: str) -> list[str]:
    """A room with an apps.py joins by being there; nobody edits one list."""
    found = sorted((PACKAGE / floor).glob("*/apps.py"))
    return [f"fisc.{floor}.{path.parent.name}" for path in found]


SECRET_KEY = secret_key.read_or_make(home=FISC_HOME)
DEBUG = False
LOGGING = problem_log.settings_of(FISC_HOME)
ALLOWED_HOSTS = os.environ.get("FISC_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "axes",
    *_apps_of("plumbing"),
    *_apps_of("domain"),
    *_apps_of("processes"),
    *_apps_of("interfaces"),
]
# A table file of the largest size that is read (10 MB) is sent back as base64, or URL-encoded.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
AUTH_USER_MODEL = "users.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": {
        # Without an address, `startup.opened_database` leases the embedded server.
        **database.settings_of(os.environ.get("DATABASE_URL", "postgresql:///fisc?host=/unleased")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}

MIDDLEWARE = [
    "fisc.interfaces.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "fisc.interfaces.web.middleware.IdleLock",
    "fisc.interfaces.web.middleware.ClosedByDefault",
    "fisc.interfaces.web.refusals.Refusals",
    # The last, as django-axes asks: it turns a lock-out into its page.
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "fisc.interfaces.addresses"
WSGI_APPLICATION = "fisc.interfaces.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fisc.interfaces.web.context.frame",
            ],
            # `in_words` stands in every page that shows what the floors below say.
            "builtins": ["fisc.interfaces.web.templatetags.words"],
        },
    }
]
STATIC_URL = "/static/"
# Served from where they lie, so that no step gathers them before the first page.
WHITENOISE_USE_FINDERS = True
# Vendored files carry their version in their folder's name, so a browser may keep them.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/vendor/[^/]+-[0-9.]+/"

# Jobs are loaded by the worker that does them, not by every program that starts.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = ["fisc.interfaces.jobs.tasks"]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "fisc.plumbing.users.backends.GroupBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "shell/locked_out.html"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [PACKAGE / "interfaces" / "web" / "locale"]
USE_I18N = True
# Instants are kept in UTC; days are days in the city's zone.
USE_TZ = True
TIME_ZONE = _city_zone()

SESSION_COOKIE_SECURE = FISC_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = FISC_HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = FISC_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if FISC_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if FISC_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = FISC_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
