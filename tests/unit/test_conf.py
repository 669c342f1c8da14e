from typing import get_origin, get_type_hints

import pytest
from django.test import override_settings

from imports_app.conf import SETTINGS, Conf, conf

pytestmark = pytest.mark.backend


@override_settings(IMPORTS_MAX_ROWS=7)
def test_a_setting_of_the_project_is_read_when_it_is_used() -> None:
    assert conf.max_rows == 7
    with override_settings(IMPORTS_MAX_ROWS=8):
        assert conf.max_rows == 8


def test_a_setting_that_the_project_leaves_out_has_its_default(
    settings: pytest.FixtureRequest,
) -> None:
    if hasattr(settings, "IMPORTS_SLICE_SECONDS"):
        del settings.IMPORTS_SLICE_SECONDS

    assert conf.slice_seconds == SETTINGS["slice_seconds"].default


def test_every_default_is_of_the_type_that_is_declared() -> None:
    for name, hint in get_type_hints(Conf).items():
        assert type(SETTINGS[name].default) is (get_origin(hint) or hint)


def test_a_setting_that_does_not_exist_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="IMPORTS_COLOUR"):
        _ = conf.colour  # type: ignore[attr-defined]
