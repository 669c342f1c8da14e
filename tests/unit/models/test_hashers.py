import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from imports_app.models.hashers import SECRET_LENGTH, RandomSecretHasher

SECRET = "s" * SECRET_LENGTH


def test_a_secret_matches_its_own_hash_only() -> None:
    encoded = make_password(SECRET, hasher="sha256")

    assert check_password(SECRET, encoded)
    assert not check_password(SECRET + "s", encoded)
    assert not check_password("", encoded)


def test_a_hash_does_not_pass_for_the_secret() -> None:
    encoded = make_password(SECRET, hasher="sha256")

    assert not check_password(encoded, encoded)


def test_the_hash_has_nothing_of_the_secret() -> None:
    encoded = make_password(SECRET, hasher="sha256")

    assert SECRET not in encoded
    assert isinstance(identify_hasher(encoded), RandomSecretHasher)


def test_what_is_shown_of_a_hash_does_not_suffice_to_compare_secrets() -> None:
    hasher = RandomSecretHasher()

    summary = hasher.safe_summary(hasher.encode(SECRET, ""))

    assert summary["algorithm"] == "sha256"
    assert set(summary["hash"][6:]) == {"*"}


@pytest.mark.parametrize("secret", ["", "hunter2", "x" * (SECRET_LENGTH - 1)])
def test_what_is_too_short_to_be_random_is_not_hashed(secret: str) -> None:
    with pytest.raises(ValueError, match="43 random characters"):
        make_password(secret, hasher="sha256")
