"""Settings, from the environment only; every default is safe to serve with.

Without any variable the service runs by itself: SQLite, a broker made of files and the keys, all
inside IMPORTS_DATA_DIR. With DATABASE_URL and CELERY_BROKER_URL it runs on PostgreSQL and Redis.
"""

from typing import Any

import django_stubs_ext
from kombu import Queue

from config.broker import EMBEDDED, transport_options
from config.database import database
from config.env import DATA_DIR, env, positive, positive_int
from config.keys import kept_secret

django_stubs_ext.monkeypatch()  # lets an annotation such as Field[Any, Any] be evaluated

KEYS_DIR = DATA_DIR / "keys"

# --- Site

DEBUG = env.bool("DJANGO_DEBUG", default=False)
SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="") or kept_secret(KEYS_DIR / "django")
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "oauth2_provider",
    "rest_framework",
    "rest_framework_json_api",
    "drf_spectacular_sidecar",
    "imports_app",
    "imports_app.commerce",
]
MIDDLEWARE = [
    "imports_app.api.middleware.PackedAnswers",
    "imports_app.api.throttling.RateHeaders",
    "imports_app.api.middleware.JsonApiErrorPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # a redirected POST would lose its body; the API answers both forms
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

# Straight from the apps' folders, so that no deploy can forget to collect them.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True

# --- Staff pages

LOGIN_REDIRECT_URL = "admin:index"
UNFOLD = {"SITE_TITLE": "Imports API", "SITE_HEADER": "Imports API", "SITE_URL": "/admin/"}

# --- Security; IMPORTS_HTTPS says that a proxy in front ends TLS and sets X-Forwarded-Proto

HTTPS = env.bool("IMPORTS_HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes come from inside, without TLS
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

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "imports_app.hashers.RandomSecretHasher",  # for the secrets of API clients
]

# --- Storage

DATABASES = {"default": database(DATA_DIR)}
ON_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Imports

IMPORTS_LEASE_SECONDS = positive("IMPORTS_LEASE_SECONDS", 30)
IMPORTS_SWEEP_SECONDS = positive("IMPORTS_SWEEP_SECONDS", 10)
IMPORTS_SLICE_SECONDS = positive("IMPORTS_SLICE_SECONDS", 10)
# On PostgreSQL 2,000 is the knee; on SQLite each commit costs more and larger chunks pay.
IMPORTS_CHUNK_ROWS = positive_int("IMPORTS_CHUNK_ROWS", 5_000 if ON_SQLITE else 2_000)
IMPORTS_CHUNK_BYTES = positive_int("IMPORTS_CHUNK_BYTES", 2 * 1024 * 1024)
IMPORTS_CLEANUP_ROWS = positive_int("IMPORTS_CLEANUP_ROWS", 2_000)
IMPORTS_ERROR_PERCENT = positive("IMPORTS_ERROR_PERCENT", 10)
IMPORTS_LOG_ENTRIES = positive_int("IMPORTS_LOG_ENTRIES", 10_000)
IMPORTS_CLEANUP_PERCENT = positive("IMPORTS_CLEANUP_PERCENT", 100)
IMPORTS_MAX_ROWS = positive_int("IMPORTS_MAX_ROWS", 100_000)
IMPORTS_MAX_REQUEST_BYTES = positive_int("IMPORTS_MAX_REQUEST_BYTES", 64 * 1024 * 1024)
IMPORTS_MAX_ROW_BYTES = positive_int("IMPORTS_MAX_ROW_BYTES", 1024 * 1024)
IMPORTS_MAX_DEPTH = positive_int("IMPORTS_MAX_DEPTH", 32)
IMPORTS_MAX_ACTIVE = positive_int("IMPORTS_MAX_ACTIVE", 1_000)
IMPORTS_ATTACHMENT_SECONDS = positive_int("IMPORTS_ATTACHMENT_SECONDS", 3_600)
IMPORTS_RATE_LIMIT = positive_int("IMPORTS_RATE_LIMIT", 1_000)
IMPORTS_RATE_SECONDS = positive_int("IMPORTS_RATE_SECONDS", 10)
IMPORTS_TOKEN_FAILURES = positive_int("IMPORTS_TOKEN_FAILURES", 20)
IMPORTS_TOKEN_FAILURE_SECONDS = positive_int("IMPORTS_TOKEN_FAILURE_SECONDS", 60)
IMPORTS_AUTH_DOMAIN = env.str("IMPORTS_AUTH_DOMAIN", default="localhost")
IMPORTS_ORGANIZATION_ID = env.str("IMPORTS_ORGANIZATION_ID", default="imports")
IMPORTS_ORGANIZATION_SLUG = env.str("IMPORTS_ORGANIZATION_SLUG", default="imports")

# The supervisor's: whether to import the sample once the service is up.
IMPORTS_SAMPLE = env.bool("IMPORTS_SAMPLE", default=True)

# --- HTTP

DATA_UPLOAD_MAX_MEMORY_SIZE = IMPORTS_MAX_REQUEST_BYTES
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["imports_app.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["imports_app.api.permissions.HasScope"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "imports_app.api.negotiation.JsonApiNegotiation",
    "DEFAULT_RENDERER_CLASSES": [
        "imports_app.api.renderers.JsonApiRenderer",
        "imports_app.api.renderers.JsonRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "imports_app.api.parsers.JsonApiParser",
        "imports_app.api.parsers.JsonParser",
    ],
    "EXCEPTION_HANDLER": "imports_app.api.errors.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    # How many proxies in front add to X-Forwarded-For; without any it is not believed.
    "NUM_PROXIES": positive_int("IMPORTS_PROXIES", 1) if HTTPS else 0,
}

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
OAUTH2_PROVIDER_APPLICATION_MODEL = "imports_app.ApiClient"
OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",  # client credentials only
    "SCOPES_BACKEND_CLASS": "imports_app.api.oauth.scopes.ClientScopes",
    "ACCESS_TOKEN_GENERATOR": "imports_app.api.oauth.tokens.signed_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": positive_int("IMPORTS_TOKEN_SECONDS", 14_400),
    # What the best current practice forbids is off; TOKEN_STORAGE keeps a token's checksum only.
    **{f"COMPLIANT_BCP_RFC9700_{name}": True for name in RFC9700},
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "CLIENT_SECRET_HASHER": "sha256",
    "CLIENT_SECRET_GENERATOR_LENGTH": 43,
}

# --- Workers

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=EMBEDDED)
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(
    CELERY_BROKER_URL,
    DATA_DIR,
    visibility_timeout=max(3_600, 10 * IMPORTS_SLICE_SECONDS),
)
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_TASK_DEFAULT_QUEUE", default="imports")
# Counted in Redis, requests are limited across web processes. The queue's name keeps several
# installations on one Redis apart.
IMPORTS_RATE_REDIS_URL = CELERY_BROKER_URL if CELERY_BROKER_URL.startswith("redis") else ""
IMPORTS_RATE_REDIS_PREFIX = CELERY_TASK_DEFAULT_QUEUE
# A sweep mustn't wait behind a thousand rings.
SWEEPS = f"{CELERY_TASK_DEFAULT_QUEUE}-sweeps"
CELERY_TASK_QUEUES = [Queue(CELERY_TASK_DEFAULT_QUEUE), Queue(SWEEPS)]
CELERY_TASK_ROUTES = {"imports_app.sweep": {"queue": SWEEPS}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for as long as it takes
CELERY_TASK_PUBLISH_RETRY = False  # the sweep rings again
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_CONCURRENCY = positive_int("IMPORTS_WORKERS", 1 if ON_SQLITE else 2)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING below holds for workers too
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = IMPORTS_SLICE_SECONDS
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: one periodic task needs no file
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "imports_app.sweep",
        "schedule": IMPORTS_SWEEP_SECONDS,
        # Sweeps that nobody took in time would only do the same again.
        "options": {"expires": IMPORTS_SWEEP_SECONDS},
    },
}

# --- Logs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "filters": {"no_probes": {"()": "config.logs.NoProbes"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_probes"],
        },
    },
    "root": {"handlers": ["console"], "level": env.str("IMPORTS_LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
