"""A receiver that takes callbacks, fails, hangs or hangs up, by chance; and is there to be killed.

`python -m tests.torture.receiver PORT FILE` does it, and takes them all with a third argument
`calm`. FILE gets a line for each request before it is answered: the callback's id, what is done
with it, and a digest of its body.
"""

import hashlib
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TAKES = "takes"
MOODS = [(TAKES, 70), ("fails", 15), ("hangs", 5), ("hangs up", 10)]
LONG = 7.0  # seconds, more than a receiver has


class Moody(BaseHTTPRequestHandler):
    """Answers by chance."""

    file: Path
    is_calm: bool
    lock = threading.Lock()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # its sender was killed in the middle of it
            return
        mood = TAKES if self.is_calm else random.choices(*zip(*MOODS, strict=True))[0]
        digest = hashlib.sha256(body).hexdigest()
        with self.lock, self.file.open("a") as file:
            file.write(f"{self.headers['webhook-id']} {mood.replace(' ', '-')} {digest}\n")
        if mood == "hangs":
            time.sleep(LONG)
        elif mood in {TAKES, "fails"}:
            self.send_response(204 if mood == TAKES else 500)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *args: object) -> None:
        """Says nothing."""


def main(port: str, file: str, calm: str = "") -> None:
    Moody.file = Path(file)
    Moody.is_calm = bool(calm)
    ThreadingHTTPServer(("127.0.0.1", int(port)), Moody).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
