"""Check the project that installs the app for what imports need and it lacks."""

from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import ip_network
from typing import Any, NamedTuple

from celery import current_app
from django.apps import apps
from django.core.checks import CheckMessage, Error, Info, Warning, register  # noqa: A004
from django.utils.module_loading import import_string

from imports_app.addresses import URLS, are_included
from imports_app.callers import OAUTH
from imports_app.checks.databases import check_databases
from imports_app.conf import conf
from imports_app.queue.bell import SWEEP

IN_MEMORY = "celery.beat:"  # beginning of the schedulers that go by the settings alone


class Extra(NamedTuple):
    """An extra of the distribution, the package that it brings, and what is absent without it."""

    name: str
    package: str
    absent: str
    is_app: bool = False


EXTRAS = (
    Extra("metrics", "prometheus_client", "/metrics is absent and nothing is measured"),
    Extra("schema", "drf_spectacular_sidecar", "/api/schema/docs is absent", is_app=True),
    Extra("files", "python_calamine", "spreadsheets can be neither read nor written"),
    Extra("unfold", "unfold", "staff pages have the look of Django's admin", is_app=True),
    Extra("oauth", "oauth2_provider", "the API has no clients of its own"),
)


@register("imports")
def check_project(**_: Any) -> list[CheckMessage]:
    """Return what the project lacks; an error is something with which imports would go wrong."""
    return [
        *check_databases(),
        *_urls(),
        *_callers(),
        *_background(),
        *_redis(),
        *_networks(),
        *_extras(),
    ]


def _urls() -> Iterator[CheckMessage]:
    if not are_included():
        yield Warning(
            "The project's URLconf doesn't include that of imports_app, so there is no API.",
            hint=f'Add path("imports/", include("{URLS}")) to urlpatterns, under any prefix.',
            id="imports.W101",
        )


def _callers() -> Iterator[CheckMessage]:
    """Check the hook that says who calls the API."""
    if conf.caller and apps.is_installed(OAUTH):
        yield Warning(
            f"IMPORTS_CALLER has no effect while {OAUTH} is installed: its clients call the API.",
            hint=f'Take "{OAUTH}" out of INSTALLED_APPS, or IMPORTS_CALLER out of the settings.',
            id="imports.W102",
        )
    if not conf.caller:
        return
    try:
        import_string(conf.caller)
    except ImportError as error:
        yield Error(
            f"IMPORTS_CALLER names no function: {error}.",
            hint="Write the dotted path of one that takes a request and returns a Caller or None.",
            id="imports.E104",
        )


def _background() -> Iterator[CheckMessage]:
    """Check for the broker that rings for imports, and for the sweep that replaces lost rings."""
    if conf.eager:
        return
    if not current_app.conf.broker_url:
        yield Warning(
            "Celery has no broker, so workers aren't told of imports.",
            hint="Import the project's Celery app in the __init__.py beside its settings, and set"
            " its broker_url.",
            id="imports.W103",
        )
    scheduler = str(current_app.conf.beat_scheduler)
    tasks = [entry.get("task") for entry in current_app.conf.beat_schedule.values()]
    if scheduler.startswith(IN_MEMORY) and SWEEP not in tasks:
        yield Warning(
            "No sweep is scheduled: an import whose worker died, or that no worker was told of,"
            " waits forever.",
            hint='Add to CELERY_BEAT_SCHEDULE: "imports": {"task": "imports_app.sweep",'
            f' "kwargs": {{"beat": True}}, "schedule": {conf.sweep_seconds:g}}}, and run'
            " `celery beat`.",
            id="imports.W104",
        )


def _redis() -> Iterator[CheckMessage]:
    if conf.rate_redis_url and find_spec("redis") is None:
        yield Error(
            "IMPORTS_RATE_REDIS_URL is set, but the package redis isn't installed.",
            hint='pip install "imports-api[redis]"',
            id="imports.E102",
        )


def _networks() -> Iterator[CheckMessage]:
    for text in conf.webhook_allowed:
        try:
            ip_network(text.strip())
        except ValueError as error:
            yield Error(
                f"IMPORTS_WEBHOOK_ALLOWED has an entry that is no network: {error}.",
                hint="Write networks such as 10.1.0.0/16, separated by commas.",
                id="imports.E103",
            )


def _extras() -> Iterator[CheckMessage]:
    for number, extra in enumerate(EXTRAS, 101):
        identifier = f"imports.I{number}"
        if find_spec(extra.package) is None:
            hint = f'pip install "imports-api[{extra.name}]"'
            if extra.is_app:
                hint += f', and add "{extra.package}" to INSTALLED_APPS'
            yield Info(f"Without {extra.package} {extra.absent}.", hint=hint, id=identifier)
        elif extra.is_app and not apps.is_installed(extra.package):
            yield Info(
                f"While {extra.package} isn't in INSTALLED_APPS, {extra.absent}.",
                hint=f'Add "{extra.package}" to INSTALLED_APPS.',
                id=identifier,
            )
