from imports_app.api.attributes import unexpected
from imports_app.api.documents import Document
from imports_app.api.raw_inputs import NULL


def test_unexpected_attributes_are_named_in_the_order_in_which_they_came() -> None:
    names = [f"a{number}" for number in range(50)]
    document = Document(
        type="imports",
        id=None,
        attributes=dict.fromkeys(names, NULL),
        relationships=("owner",),
        inputs=None,
    )

    errors = list(unexpected(document, accepted=["a7"], read_only=["a9"]))

    named = [name for name in names if name != "a7"]
    assert [str(error.detail).partition(" - ")[0] for error in errors] == [*named, "owner"]
    assert errors[8].title == "is read-only"
