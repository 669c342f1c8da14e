"""The settings, where the project has given out tokens of its own for years."""

from shop.settings import *  # noqa: F403
from shop.settings import INSTALLED_APPS, REST_FRAMEWORK

INSTALLED_APPS = [*INSTALLED_APPS, "partners"]
ROOT_URLCONF = "shop.provider_urls"
OAUTH2_PROVIDER_APPLICATION_MODEL = "partners.Partner"
OAUTH2_PROVIDER = {
    "SCOPES": {"books": "See the books", "imports:read": "See imports"},
    "ACCESS_TOKEN_EXPIRE_SECONDS": 60,
}
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "oauth2_provider.contrib.rest_framework.OAuth2Authentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["oauth2_provider.contrib.rest_framework.TokenHasScope"],
}
