"""Settings, from the environment only; the defaults are safe to serve with.

Without any variable the service runs by itself: SQLite, the socket of a Valkey, and the keys, all
inside IMPORTS_DATA_DIR. With DATABASE_URL and CELERY_BROKER_URL it runs on PostgreSQL and Redis.
The variables are declared in `config/variables.py`.
"""

from pathlib import Path
from typing import Any

from django.templatetags.static import static
from kombu import Queue

from config.broker import embedded_url, redis_py_url, transport_options
from config.database import database
from config.env import DATA_DIR, packages, value
from config.keys import kept_secret, private_folder
from config.logs import logging_config
from config.variables import IMPORTS

KEYS_DIR = DATA_DIR / "keys"
SPOOL_DIR = DATA_DIR / "spool"  # for bodies and answers on their way in or out
private_folder(SPOOL_DIR)

# --- Site

DEBUG = value("DJANGO_DEBUG")
SECRET_KEY = value("DJANGO_SECRET_KEY") or kept_secret(KEYS_DIR / "django")
SECRET_KEY_FALLBACKS = value("DJANGO_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = value("DJANGO_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = value("DJANGO_CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "config.staff.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "oauth2_provider",
    "rest_framework",
    "rest_framework_json_api",
    "drf_spectacular_sidecar",
    "config",
    "imports_app",
    "imports_app.oauth",
    "imports_app.commerce",
    *packages("IMPORTS_APPS"),
]
MIDDLEWARE = [
    "imports_app.api.request_ids.RequestIds",
    "imports_app.api.request_metrics.RequestMetrics",
    "imports_app.api.packing.PackedAnswers",
    "imports_app.api.middleware.RateHeaders",
    "imports_app.api.middleware.JsonApiErrorPages",
    "imports_app.admin.policy.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "imports_app.admin.forms.StaffForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SILENCED_SYSTEM_CHECKS = ["security.W003"]  # StaffForms is Django's own middleware for CSRF, too
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # a redirected POST would lose its body; the API answers both forms
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],  # before Unfold's own
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# Served straight from the apps' folders, so that no deploy can forget to collect them.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True

# --- Staff pages

LOGIN_REDIRECT_URL = "admin:index"
UNFOLD = {
    "SITE_TITLE": "Imports API",
    "SITE_HEADER": "Imports API",
    "SITE_URL": "/admin/",
    "SITE_FAVICONS": [{"rel": "icon", "href": lambda _: static("imports_app/favicon.svg")}],
    "STYLES": [lambda _: static("imports_app/admin.css")],
    "SCRIPTS": [
        lambda _: static("imports_app/live.js"),
        lambda _: static("imports_app/names.js"),
    ],
    "DASHBOARD_CALLBACK": "imports_app.admin.home.dashboard",
}

# --- Mail, which tells staff that their imports are over

EMAIL_HOST = value("EMAIL_HOST")
EMAIL_PORT = value("EMAIL_PORT")
EMAIL_HOST_USER = value("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = value("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = value("EMAIL_USE_TLS")
EMAIL_USE_SSL = value("EMAIL_USE_SSL")

# --- Security; IMPORTS_HTTPS says that a proxy in front ends TLS and sets X-Forwarded-Proto

HTTPS = value("IMPORTS_HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Probes come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Storage

DATABASES = {"default": database(DATA_DIR)}
ON_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Imports

IMPORTS_MODES = True  # a client belongs to test or live data
# As settings of their own: IMPORTS_MAX_ROWS and so on.
IMPORTS_SETTINGS = {
    variable.name: value(variable.name, on_sqlite=ON_SQLITE) for variable in IMPORTS
}
globals().update(IMPORTS_SETTINGS)
IMPORTS_SLICE_SECONDS: float = IMPORTS_SETTINGS["IMPORTS_SLICE_SECONDS"]
IMPORTS_SWEEP_SECONDS: float = IMPORTS_SETTINGS["IMPORTS_SWEEP_SECONDS"]

# The supervisor's: whether to import the sample once the service is up.
IMPORTS_SAMPLE = value("IMPORTS_SAMPLE")

# --- HTTP

# Uploads go to disk at once, up to the size that a request may have.
FILE_UPLOAD_HANDLERS = ["imports_app.admin.uploads.BoundedUploads"]
FILE_UPLOAD_TEMP_DIR = SPOOL_DIR
REST_FRAMEWORK: dict[str, Any] = {
    # How many proxies in front add to X-Forwarded-For; without any, the header is ignored.
    "NUM_PROXIES": value("IMPORTS_PROXIES") if HTTPS else 0,
}

# None of the toolkit's views can be reached: clients and tokens are those of imports_app.oauth.
# What the best current practice (RFC 9700) forbids is switched off all the same.
RFC9700 = (
    "ACCESS_TOKEN_TRANSPORT",
    "AUTHZ_RESPONSE_ISS",
    "IMPLICIT_GRANT",
    "PASSWORD_GRANT",
    "PKCE_METHOD",
    "REDIRECT_URI_SCHEME",
    "REFRESH_TOKEN",
    "TOKEN_STORAGE",
)
OAUTH2_PROVIDER: dict[str, Any] = {
    **{f"COMPLIANT_BCP_RFC9700_{name}": True for name in RFC9700},
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

# --- Workers

CELERY_BROKER_URL = value("CELERY_BROKER_URL") or embedded_url(DATA_DIR)
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(
    CELERY_BROKER_URL, visibility_timeout=max(3_600, 10 * IMPORTS_SLICE_SECONDS)
)
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_TASK_DEFAULT_QUEUE = value("CELERY_TASK_DEFAULT_QUEUE")
# Counted in Redis, requests are limited across web processes. The queue's name keeps several
# installations on one Redis apart.
IMPORTS_RATE_REDIS_URL = redis_py_url(CELERY_BROKER_URL)
IMPORTS_RATE_REDIS_PREFIX = CELERY_TASK_DEFAULT_QUEUE
# A sweep mustn't wait behind a thousand rings.
SWEEPS = f"{CELERY_TASK_DEFAULT_QUEUE}-sweeps"
CELERY_TASK_QUEUES = [Queue(CELERY_TASK_DEFAULT_QUEUE), Queue(SWEEPS)]
# Callbacks have workers of their own, which name this queue: a slow receiver holds up no import.
SENDING = Queue(f"{CELERY_TASK_DEFAULT_QUEUE}-callbacks")
CELERY_TASK_ROUTES = {
    "imports_app.sweep": {"queue": SWEEPS},
    "imports_app.send": {"queue": SENDING},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for as long as it takes
CELERY_TASK_PUBLISH_RETRY = False  # the sweep rings again
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_CONCURRENCY = value("IMPORTS_WORKERS", on_sqlite=ON_SQLITE)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Nobody controls workers by messages; the channel for them is one more thing to go wrong when the
# broker comes back, and whoever reached the broker could use it.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING below holds for workers too
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = IMPORTS_SLICE_SECONDS
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: one periodic task needs no file
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "imports_app.sweep",
        "kwargs": {"beat": True},
        "schedule": IMPORTS_SWEEP_SECONDS,
        # A sweep that nobody took in time would only repeat the next one's work.
        "options": {"expires": IMPORTS_SWEEP_SECONDS},
    },
}

# --- Measurements

IMPORTS_METRICS_DIR = str(DATA_DIR / "metrics")
private_folder(DATA_DIR / "metrics")
IMPORTS_DATA_DIR = str(DATA_DIR)
IMPORTS_SPOOL_DIR = str(SPOOL_DIR)

# --- Logs

LOGGING = logging_config(form=value("IMPORTS_LOG_FORMAT"), level=value("IMPORTS_LOG_LEVEL"))
