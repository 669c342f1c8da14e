import pytest
from django.core.exceptions import ImproperlyConfigured

from imports_app.commerce.models import Sku, Tag
from imports_app.exceptions import AlreadyRegistered, NotRegistered
from imports_app.importer import Importer
from imports_app.registry import Registry

pytestmark = pytest.mark.backend


class Labels(Importer):
    resource_type = "labels"
    model = Tag


class OtherModel(Importer):
    resource_type = "labels"
    model = Sku


class OtherName(Importer):
    resource_type = "marks"
    model = Tag


@pytest.fixture
def registry() -> Registry:
    registry = Registry()
    registry.register(Labels)
    return registry


def test_a_registered_type_is_found_by_name_and_by_model(registry: Registry) -> None:
    assert isinstance(registry.get("labels"), Labels)
    assert registry.for_model(Tag) is registry.get("labels")
    assert "labels" in registry


@pytest.mark.parametrize(
    ("importer", "reason"), [(OtherModel, "'labels' is taken"), (OtherName, "Tag has an importer")]
)
def test_a_name_or_model_that_is_taken_is_refused_and_changes_nothing(
    registry: Registry, importer: type[Importer], reason: str
) -> None:
    before = list(registry)

    with pytest.raises(AlreadyRegistered, match=reason):
        registry.register(importer)

    assert list(registry) == before
    assert registry.for_model(Sku) is None
    assert "marks" not in registry


def test_a_type_that_is_not_registered_is_named(registry: Registry) -> None:
    with pytest.raises(NotRegistered, match="'things'"):
        registry.get("things")
    assert "things" not in registry


def test_types_are_listed_by_name() -> None:
    class First(Importer):
        resource_type = "a"
        model = Sku

    registry = Registry()
    registry.register(Labels)
    registry.register(First)

    assert [importer.resource_type for importer in registry] == ["a", "labels"]
    assert len(registry) == 2


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"model": Tag}, "Nameless: write its name in the API"),
        ({"model": Tag, "resource_type": None}, "resource_type = "),
        ({"resource_type": "labels"}, "Nameless: write where its records live"),
        ({"resource_type": "labels", "model": "Tag"}, "model = "),
    ],
)
def test_a_class_that_names_no_type_or_model_is_refused(
    registry: Registry, declared: dict[str, object], told: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=told):
        registry.register(type("Nameless", (Importer,), declared))

    assert len(registry) == 1
