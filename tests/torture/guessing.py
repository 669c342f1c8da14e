"""Guesses at the staff's sign-in: `python -m tests.torture.guessing` prints what others notice.

Sixteen posters of wrong passwords, for ten seconds, on the embedded default; `GET /api/application`
before and meanwhile, in seconds, and how many guesses were looked at.
"""

import json
import re
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.acceptance.api import Api
from tests.acceptance.stack import Stack

POSTERS = 16
SECONDS = 10.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
ANSWERS = ("Please enter the correct", "There were too many failures", "at this moment")


class Poster(Thread):
    """Posts wrong passwords, one after the other.

    Attributes:
        answers: how often the page said what.
    """

    def __init__(self, url: str, over: Event) -> None:
        super().__init__(daemon=True)
        self._page = f"{url}/admin/login/"
        self._over = over
        self._opener = build_opener(HTTPCookieProcessor())
        self.answers: Counter[str] = Counter()

    def run(self) -> None:
        form = self._opener.open(self._page, timeout=60).read().decode()
        (token,) = TOKEN.findall(form)[:1]
        guess = {"username": "admin", "password": "wrong", "csrfmiddlewaretoken": token}
        while not self._over.is_set():
            try:
                with self._opener.open(self._page, urlencode(guess).encode(), timeout=60) as page:
                    text = page.read().decode()
            except HTTPError as refused:
                with refused:
                    text = refused.read().decode()
            self.answers[next((known for known in ANSWERS if known in text), text[:20])] += 1


def times(client: Api, seconds: float) -> list[float]:
    """How long each answer took, one after the other."""
    found = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        client.get("/api/application")
        found.append(time.monotonic() - start)
        time.sleep(0.05)
    return found


def summary(found: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(found), 3), "worst": round(max(found), 3)}


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="imports-guessing-") as folder:
        stack = Stack(Path(folder), {"IMPORTS_RATE_LIMIT": "1000000"})
        try:
            stack.start()
            client = stack.client()
            before = times(client, SECONDS / 5)
            over = Event()
            posters = [Poster(stack.api.url, over) for _ in range(POSTERS)]
            for poster in posters:
                poster.start()
            meanwhile = times(client, SECONDS)
            over.set()
            for poster in posters:
                poster.join(60)
        finally:
            stack.stop()
    guesses = sum((poster.answers for poster in posters), Counter[str]())
    found = {"before": summary(before), "meanwhile": summary(meanwhile), "guesses": guesses}
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
