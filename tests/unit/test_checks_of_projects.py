"""What the checks say of a project that installs the app."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from celery import Celery, current_app
from django.core.checks import CheckMessage
from django.urls import clear_url_caches, path
from django.views import defaults
from pytest_django import Settings

from imports_app.checks import check_project, project

urlpatterns: list[Any] = [path("none", defaults.page_not_found)]


def one(identifier: str) -> CheckMessage:
    (message,) = [each for each in check_project() if each.id == identifier]
    return message


def test_this_project_passes_all_checks() -> None:
    assert check_project() == []


def test_a_hook_that_is_not_asked_is_a_warning(settings: Settings) -> None:
    settings.IMPORTS_CALLER = "imports_app.api.project_source.user_caller"

    assert "imports_app.oauth" in str(one("imports.W102").hint)


def test_a_hook_that_is_not_there_is_an_error(settings: Settings) -> None:
    settings.IMPORTS_CALLER = "shop.nowhere.caller_of"

    assert "dotted path" in str(one("imports.E104").hint)


def test_urls_that_are_not_included_are_a_warning(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    assert 'include("imports_app.urls")' in str(one("imports.W101").hint)


@pytest.fixture
def celery() -> Iterator[Celery]:
    """The Celery app of a project that has set nothing."""
    before = cast("Any", current_app)._get_current_object()
    app = Celery("bare")
    app.set_current()
    yield app
    before.set_current()


@pytest.mark.usefixtures("celery")
def test_a_missing_broker_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery itself reads it
    assert "broker_url" in str(one("imports.W103").hint)


def test_a_schedule_without_the_sweep_is_a_warning_with_the_entry(celery: Celery) -> None:
    celery.conf.beat_schedule = {"own": {"task": "own.task"}}
    assert '"task": "imports_app.sweep"' in str(one("imports.W104").hint)


def test_a_schedule_in_a_database_is_not_checked(celery: Celery) -> None:
    celery.conf.beat_scheduler = "django_celery_beat.schedulers:DatabaseScheduler"
    assert "imports.W104" not in {message.id for message in check_project()}


def test_extras_that_are_not_installed_are_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(project, "find_spec", lambda _: None)
    settings.IMPORTS_RATE_REDIS_URL = "redis://127.0.0.1:1/0"
    hints = {str(message.hint).split(",")[0] for message in check_project()}
    assert hints == {
        f'pip install "imports-api[{extra}]"'
        for extra in ("files", "metrics", "oauth", "redis", "schema", "unfold")
    }


def test_an_extra_that_is_no_app_of_the_project_is_told(settings: Settings) -> None:
    settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if name != SIDECAR]
    assert f'Add "{SIDECAR}"' in str(one("imports.I102").hint)


SIDECAR = "drf_spectacular_sidecar"


def test_an_invalid_network_is_an_error_that_names_it(settings: Any) -> None:
    settings.IMPORTS_WEBHOOK_ALLOWED = ["10.1.0.0/16", "localhost"]

    assert "'localhost'" in one("imports.E103").msg
