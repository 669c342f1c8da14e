from imports_app.outages.breaker import Breaker


def test_a_closed_one_lets_everybody_ask() -> None:
    breaker = Breaker(60)

    assert breaker.admits()
    assert breaker.admits()
    assert not breaker.is_open


def test_after_a_wait_in_vain_nobody_asks_for_a_while() -> None:
    breaker = Breaker(60)
    breaker.failed()

    assert breaker.is_open
    assert not breaker.admits()


def test_then_one_asks_for_all() -> None:
    breaker = Breaker(0)
    breaker.failed()
    breaker.seconds = 60

    assert breaker.admits()
    assert not breaker.admits()

    breaker.answered()

    assert breaker.admits()
    assert breaker.admits()
