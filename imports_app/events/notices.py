"""Send mails to staff about imports that are over or wait for their approval.

Each is sent at most once, and holds up nothing.

The mail server is talked to in a thread of its own, because only its sockets have time limits: one
that drips would stretch the whole without end. Whoever asks goes on after SECONDS.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from threading import Lock, Thread
from time import monotonic
from typing import NamedTuple

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet
from django.utils import timezone

from imports_app.conf import conf
from imports_app.events.mail import mail_of, mail_of_proposal
from imports_app.models import Import, Notice, Proposal
from imports_app.outages.breaker import Breaker
from imports_app.queue import bell
from imports_app.telemetry.metrics import MAILS

SECONDS = 10.0  # that connecting, or handing over one mail, may take
SLICE_SECONDS = 5.0  # after which the thread goes back to webhooks
OLD = timedelta(days=1)  # older notices are not worth sending
LOOKED_AT = 16
# The server has answered: the next mail may fare better. ValueError is an address that is none.
REFUSED = (SMTPRecipientsRefused, SMTPResponseException, ValueError)

logger = logging.getLogger(__name__)
mail_server = Breaker(seconds=60)
_talking = Lock()  # one thread of a process at a time, so that the others are free for webhooks
_late: list[Thread] = []


class Letter(NamedTuple):
    """A mail to be sent: its kind, its subject, and the mail; None if it would reach nobody."""

    kind: str
    about: str
    mail: EmailMessage | None


def send_notices(stop: Callable[[], bool] = lambda: False) -> None:
    """Send waiting notices for a while; if the server is away, they stay for a later sweep."""
    if not conf.mail_from or not _talking.acquire(blocking=False):
        return
    try:
        _late[:] = [thread for thread in _late if thread.is_alive()]
        _forget_old()
        if not _late and _any_waits() and mail_server.admits():
            _send(stop)
    finally:
        _talking.release()


def ring_for_notices() -> None:
    """Ring for waiting notices; called by the sweep."""
    if conf.mail_from and _any_waits():
        bell.ring_senders()


def _send(stop: Callable[[], bool]) -> None:
    end = monotonic() + SLICE_SECONDS
    try:
        connection = get_connection(timeout=SECONDS)
        _in_time(connection.open)
        while not stop() and (letter := next(_taken(), None)):
            _hand_over(connection, letter)
            if monotonic() >= end:
                bell.ring_senders()
                break
        _in_time(connection.close)
    except Exception:
        mail_server.failed()
        logger.warning("The mail server did not accept a mail.", exc_info=True)
    else:
        mail_server.answered()


def _any_waits() -> bool:
    return Notice.objects.exists() or _untold().exists()


def _untold() -> QuerySet[Proposal]:
    return Proposal.objects.filter(is_told=False, declined_at=None)


def _forget_old() -> None:
    before = timezone.now() - OLD
    Notice.objects.filter(created_at__lt=before).delete()
    _untold().filter(created_at__lt=before).update(is_told=True)


def _taken() -> Iterator[Letter]:
    """Yield notices that only this process has: each is deleted before it is sent."""
    for proposal in _untold().select_related("subject", "asked_by")[:LOOKED_AT]:
        if _untold().filter(pk=proposal.pk).update(is_told=True):
            yield Letter("approval", f"proposal {proposal.pk}", mail_of_proposal(proposal))
    for notice in Notice.objects.order_by("created_at")[:LOOKED_AT]:
        if Notice.objects.filter(pk=notice.pk).delete()[0]:
            found = Import.objects.select_related("created_by").filter(pk=notice.pk).first()
            if found is not None:
                yield Letter("end", f"import {found.pk}", mail_of(found))


def _hand_over(connection: BaseEmailBackend, letter: Letter) -> None:
    if letter.mail is None:
        return
    outcome = "failed"
    try:
        _in_time(partial(connection.send_messages, [letter.mail]))
        outcome = "sent"
    except REFUSED as refusal:
        outcome = "refused"
        logger.warning("The mail server refused the notice of %s: %s", letter.about, refusal)
    finally:
        MAILS.labels(letter.kind, outcome).inc()


def _in_time(step: Callable[[], object]) -> None:
    """Call it in another thread, and raise what it raises; TimeoutError if it takes too long."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001  (it is raised where somebody waits for it)
            raised.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive():
        _late.append(thread)
        raise TimeoutError(f"no answer within {SECONDS:g} s")
    if raised:
        raise raised[0]
