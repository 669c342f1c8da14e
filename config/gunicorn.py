"""Gunicorn's settings: `gunicorn -c python:config.gunicorn config.wsgi`."""

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from config.env import value
from config.supervisor.lifeline import die_with_parent

bind = f"{value('IMPORTS_BIND')}:{value('PORT')}"
worker_class = "gthread"
workers = value("IMPORTS_WEB_PROCESSES")
threads = value("IMPORTS_WEB_THREADS")
graceful_timeout = 10  # seconds
limit_request_line = 8_190  # bytes, its maximum: filters can be long
control_socket_disable = True  # it would be a file in the home directory
accesslog = "-" if value("IMPORTS_ACCESS_LOG") else None
# Without the query: a signed URL is as good as a token, and some put their secret there.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(L)s'
if value("IMPORTS_LOG_FORMAT") == "json":
    logconfig_dict = {
        "formatters": {"generic": {"()": "config.logs.JsonLines"}},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "handlers": ["error_console"], "propagate": False},
            "gunicorn.access": {"level": "INFO", "handlers": ["console"], "propagate": False},
        },
    }


def post_fork(_arbiter: Arbiter, worker: Worker) -> None:
    """Keep no web process whose arbiter was killed: it would hold the port."""
    die_with_parent(worker.ppid)
