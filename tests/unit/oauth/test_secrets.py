from imports_app.oauth.secrets import SECRET_LENGTH, hashed, is_of, new_secret


def test_a_secret_matches_its_own_hash_only() -> None:
    secret = new_secret()

    assert is_of(hashed(secret), secret)
    assert not is_of(hashed(secret), f"{secret}s")
    assert not is_of(hashed(secret), "")
    assert not is_of("", "")


def test_a_hash_does_not_pass_for_the_secret() -> None:
    kept = hashed(new_secret())

    assert not is_of(kept, kept)


def test_the_hash_has_nothing_of_the_secret() -> None:
    secret = new_secret()

    assert len(secret) == SECRET_LENGTH
    assert secret not in hashed(secret)


def test_any_text_can_be_compared() -> None:
    assert not is_of(hashed(new_secret()), "\udcff\0é")
