"""The project as it is without an OAuth app: its own authentication lets callers in."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from pytest_django import Settings

from imports_app.callers import OAUTH

UserWith = Callable[..., User]


@pytest.fixture(autouse=True)
def without_oauth(settings: Settings) -> None:
    """No client has a token here; people sign in."""
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != OAUTH]
    sessions = "rest_framework.authentication.SessionAuthentication"
    basic = "rest_framework.authentication.BasicAuthentication"
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [sessions, basic]}


@pytest.fixture
def user_with(db: None) -> UserWith:
    """Makes a user with these permissions, such as `commerce.add_sku`."""

    def make(*names: str, username: str = "kim") -> User:
        user = User.objects.create_user(username, password="secret")
        for name in names:
            label, codename = name.split(".")
            user.user_permissions.add(
                Permission.objects.get(content_type__app_label=label, codename=codename)
            )
        return user

    return make
