"""The web server: `python -m config.web`.

In each process one event loop reads and writes HTTP, so that a connection that sends nothing, or
reads nothing, costs no thread. The application runs in threads, once a request is complete.
"""
