"""Staff with just the permissions that a test names."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

StaffWith = Callable[..., Client]


@pytest.fixture
def staff_with(db: None) -> StaffWith:
    """Makes a browser in which somebody with these permissions of the app is logged in."""

    def log_in(*codenames: str) -> Client:
        user = User.objects.create_user("helpdesk", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        assert user.user_permissions.count() == len(codenames)
        client = Client()
        client.force_login(user)
        return client

    return log_in
