"""Guessing the passwords of staff."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.acceptance.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long one"
LIMIT = 3


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.IMPORTS_RATE_REDIS_PREFIX = uuid.uuid4().hex
    settings.IMPORTS_SIGN_IN_FAILURES = 2 * LIMIT
    settings.IMPORTS_SIGN_IN_NAME_FAILURES = LIMIT
    settings.IMPORTS_SIGN_IN_FAILURE_SECONDS = 3_600


@pytest.fixture(autouse=True)
def staff() -> User:
    return User.objects.create_superuser("ada", password=PASSWORD)


def sign_in(password: str, address: str = "10.0.0.1", name: str = "ada") -> Any:
    form = {"username": name, "password": password}
    return Client().post("/admin/login/?next=/admin/", form, REMOTE_ADDR=address)


def test_a_password_that_was_wrong_too_often_is_not_tried_any_more_from_there() -> None:
    for _ in range(LIMIT):
        assert b"Please enter the correct" in sign_in("wrong").content

    refused = sign_in(PASSWORD)

    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 3_600
    assert b"There were too many failures: try again in" in refused.content


def test_an_address_that_was_wrong_too_often_is_not_listened_to_any_more() -> None:
    for number in range(2 * LIMIT):
        sign_in("wrong", name=f"somebody{number}")

    assert b"There were too many failures" in sign_in(PASSWORD).content
    assert sign_in(PASSWORD, address="10.0.0.2").status_code == 302


def test_staff_who_are_guessed_at_elsewhere_still_sign_in() -> None:
    for number in range(4 * LIMIT):
        sign_in("wrong", address=f"10.0.1.{number}", name="Ada" if number % 2 else "ada")

    assert sign_in(PASSWORD, address="10.0.0.2").status_code == 302


class SlowHasher(MD5PasswordHasher):
    """Stands still in every check until it may go on."""

    lock = Lock()
    entered: ClassVar[list[str]] = []
    go_on: ClassVar[Event] = Event()

    def verify(self, password: str, encoded: str) -> bool:
        with self.lock:
            self.entered.append(password)
        self.go_on.wait(60)
        return super().verify(password, encoded)


@pytest.fixture
def slow_hashes(settings: Settings) -> Iterator[type[SlowHasher]]:
    settings.PASSWORD_HASHERS = [f"{__name__}.SlowHasher", *settings.PASSWORD_HASHERS[1:]]
    SlowHasher.entered.clear()
    SlowHasher.go_on.clear()
    yield SlowHasher
    SlowHasher.go_on.set()


def test_few_passwords_are_hashed_at_a_time_and_few_wait(slow_hashes: type[SlowHasher]) -> None:
    answered: list[bytes] = []

    def guess(number: int) -> None:
        try:
            answered.append(sign_in("wrong", address=f"10.0.2.{number}").content)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(guess, number) for number in range(8)]
        try:
            eventually(lambda: len(slow_hashes.entered) + len(answered) >= 5, "they are there", 20)
            at_a_time, sent_away = len(slow_hashes.entered), list(answered)
        finally:
            slow_hashes.go_on.set()
        for future in futures:
            future.result()

    assert at_a_time == 2
    assert [b"at this moment" in page for page in sent_away] == [True] * 3
