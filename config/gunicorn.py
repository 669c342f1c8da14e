"""Gunicorn's settings: `gunicorn -c python:config.gunicorn config.wsgi`."""

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from config.env import env, positive_int
from config.supervisor.lifeline import die_with_parent

bind = f"{env.str('IMPORTS_BIND', default='127.0.0.1')}:{positive_int('PORT', 8_000)}"
worker_class = "gthread"
# One process by default: without Redis the rate limits are counted in its memory.
workers = positive_int("IMPORTS_WEB_PROCESSES", 1)
threads = positive_int("IMPORTS_WEB_THREADS", 8)
graceful_timeout = 10  # seconds
control_socket_disable = True  # it would be a file in the home directory
accesslog = "-" if env.bool("IMPORTS_ACCESS_LOG", default=False) else None


def post_fork(_arbiter: Arbiter, worker: Worker) -> None:
    """Keep no web process whose arbiter was killed: it would hold the port."""
    die_with_parent(worker.ppid)
