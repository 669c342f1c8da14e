from datetime import timedelta
from types import SimpleNamespace

from gunicorn.config import Config
from gunicorn.glogging import Logger

from config import gunicorn

EXCHANGE = {
    "REQUEST_METHOD": "GET",
    "RAW_URI": "/api/imports/1/attachment?signature=secret",
    "PATH_INFO": "/api/imports/1/attachment",
    "QUERY_STRING": "signature=secret",
    "HTTP_REFERER": "https://secret.example",
    "HTTP_AUTHORIZATION": "Bearer secret",
    "REMOTE_ADDR": "10.0.0.7",
    "SERVER_PROTOCOL": "HTTP/1.1",
}


def test_the_access_log_has_neither_query_nor_headers() -> None:
    response = SimpleNamespace(status="200 OK", status_code=200, sent=7, headers=[])
    request = SimpleNamespace(headers=[])
    took = timedelta(seconds=0.25)

    atoms = Logger(Config()).atoms(response, request, EXCHANGE, took)

    line = gunicorn.access_log_format % atoms
    assert line == '10.0.0.7 "GET /api/imports/1/attachment" 200 7 0.250000'
