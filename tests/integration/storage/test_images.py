"""Images of records."""

import pytest

from imports_app.commerce.models import Tag
from imports_app.storage.images import snapshot
from tests.factories.commerce import TagFactory

pytestmark = pytest.mark.django_db


def test_images_come_in_the_order_of_the_ids_whatever_that_of_the_table() -> None:
    first, gone, last = (tag.pk for tag in TagFactory.create_batch(3))
    Tag.objects.filter(pk=gone).delete()

    for wanted in ([first, last], [last, first]):
        assert [*snapshot(Tag, [*wanted, gone])] == wanted
