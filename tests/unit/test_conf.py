import pytest
from django.test import override_settings

from imports_app.conf import SETTINGS, conf


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

    defaults = {setting.name: setting.default for setting in SETTINGS}
    assert conf.slice_seconds == defaults["slice_seconds"]


def test_a_setting_that_does_not_exist_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="IMPORTS_COLOUR"):
        _ = conf.colour
