"""What a project sets for its own views holds for none of ours."""

from typing import Any

import pytest
from django.db import connections
from django.urls import URLPattern

from imports_app.api.base_view import BaseView
from imports_app.urls import urlpatterns

PATTERNS: list[Any] = [each for each in urlpatterns if isinstance(each, URLPattern)]
CLASSES: dict[str, Any] = {
    str(each.pattern): each.callback.cls for each in PATTERNS if hasattr(each.callback, "cls")
}


def test_there_are_views() -> None:
    assert len(CLASSES) > 10


@pytest.mark.parametrize("path", CLASSES)
def test_every_view_has_settings_of_its_own(path: str) -> None:
    assert issubclass(CLASSES[path], BaseView)


@pytest.mark.parametrize("path", CLASSES)
def test_every_view_is_left_out_of_the_projects_atomic_requests(path: str) -> None:
    (view,) = (each.callback for each in PATTERNS if str(each.pattern) == path)
    assert view._non_atomic_requests == {*connections}
