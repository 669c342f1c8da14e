"""Sends generated requests to a service, and counts what it answers."""

from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.acceptance.api import Api
from tests.generated.files import event_requests, file_requests
from tests.generated.strategies import BadRequest, bad_requests

SERVER_ERROR = 500
SECONDS = 30
SHOWN = 20  # requests that failed


@dataclass
class Summary:
    """What became of the requests.

    Attributes:
        failed: those that got a 5xx, or no answer.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, BadRequest]] = field(default_factory=list)

    def text(self) -> str:
        """For people."""
        lines = [f"{self.statuses.total()} requests, {len(self.failed)} of them failed"]
        lines += [f"  {status}: {count}" for status, count in sorted(self.statuses.items())]
        lines += [f"  {method}: {count}" for method, count in sorted(self.methods.items())]
        lines += [f"{reason}: {request!r}" for reason, request in self.failed[:SHOWN]]
        return "\n".join(lines) + "\n"


def send_all(api: Api, count: int, first_seed: int) -> Summary:
    """So many requests, the same ones for the same seed."""
    summary = Summary()

    @seed(first_seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(bad_requests() | file_requests() | event_requests())
    def send(request: BadRequest) -> None:
        status = _answered(api, request, summary)
        summary.statuses[status] += 1
        summary.methods[request.method] += 1
        if status >= SERVER_ERROR:
            summary.failed.append((str(status), request))

    send()
    return summary


def _answered(api: Api, request: BadRequest, summary: Summary) -> int:
    """The status; 0 if there was none."""
    connection = HTTPConnection(urlsplit(api.url).netloc, timeout=SECONDS)
    headers = {name: value.strip() for name, value in request.headers.items()}
    if request.token:
        headers["Authorization"] = f"Bearer {api.token}"
    try:
        connection.request(request.method, request.target, request.body, headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException) as error:
        summary.failed.append((repr(error), request))
        return 0
    finally:
        connection.close()
    return answer.status
