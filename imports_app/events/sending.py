"""Send callbacks, one after the other, for as long as any is due."""

from collections.abc import Callable
from time import monotonic

from imports_app.events import outbox
from imports_app.events.fan_out import pass_on
from imports_app.events.posting import Answer, post
from imports_app.events.signing import headers_of
from imports_app.events.webhooks import silent
from imports_app.exceptions import SealBroken
from imports_app.models import EventCallback
from imports_app.queue import bell
from imports_app.telemetry.metrics import CALLBACK_SECONDS, CALLBACKS

MAX_RINGS = 8  # at a time: as many as a process sends side by side
SLICE_SECONDS = 5.0  # after which the thread is free for others, signs of life included
LONGEST_WAIT = 60.0  # seconds that a ring waits with a worker; what is due later, sweeps ring for


def send_due(stop: Callable[[], bool] = lambda: False) -> None:
    """Answer a ring; if there is much to do, ring for other senders, too."""
    end = monotonic() + SLICE_SECONDS
    bell.ring_senders(min(pass_on() - 1, MAX_RINGS))
    while not stop() and (callback := outbox.claim()):
        _send(callback)
        if monotonic() >= end:
            bell.ring_senders()
            return


def ring_for_due() -> None:
    """Pass on events that nobody rang for, and ring for due callbacks; called by the sweep."""
    pass_on()
    waiting = outbox.due().values_list("pk", flat=True)[:MAX_RINGS]
    bell.ring_senders(len(waiting))


def _send(callback: EventCallback) -> None:
    if silent([callback.webhook]):
        outbox.not_sent(callback)
        CALLBACKS.labels(callback.mode, callback.webhook.topic, "not_sent").inc()
    elif callback.tries > outbox.TRIES:
        outbox.given_up(callback)
        CALLBACKS.labels(callback.mode, callback.webhook.topic, "failed").inc()
    else:
        _try(callback)


def _try(callback: EventCallback) -> None:
    body = callback.payload.encode()
    try:
        headers = headers_of(callback, body)
    except SealBroken:
        answer = Answer(None, "not sent: the secret was sealed with another secret key")
    else:
        start = monotonic()
        answer = post(callback.callback_url, body, headers)
        CALLBACK_SECONDS.labels(callback.mode).observe(monotonic() - start)
    about = callback.mode, callback.webhook.topic
    if answer.is_success:
        outbox.sent(callback, answer)
        CALLBACKS.labels(*about, "sent").inc()
        return
    pause = outbox.failed(callback, answer)
    CALLBACKS.labels(*about, "failed" if callback.tries >= outbox.TRIES else "tried").inc()
    if pause is not None and pause <= LONGEST_WAIT:
        bell.ring_senders(after=pause)
