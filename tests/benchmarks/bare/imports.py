"""Bodies kept as one text, and given out again: no token, no rows, no JSON."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

TABLE = "bench_bodies"


def make_table() -> None:
    """Make it, empty; it goes with the scratch database."""
    key = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TABLE {TABLE} (id {key} PRIMARY KEY, body text NOT NULL)")


@csrf_exempt
def keep(request: HttpRequest) -> HttpResponse:
    """Read the body, keep it, answer with it."""
    body = request.body
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (body) VALUES (%s)", [body.decode()])
    return HttpResponse(body, "application/json", status=201)


def latest(request: HttpRequest) -> HttpResponse:
    """Fetch the one that was kept last, and answer with it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT body FROM {TABLE} ORDER BY id DESC LIMIT 1")
        (body,) = cursor.fetchone()
    return HttpResponse(body, "application/json")
