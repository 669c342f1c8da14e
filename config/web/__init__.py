"""The web server: `python -m config.web`.

HTTP is read and written by one event loop a process, so that a connection that says nothing, or
reads nothing, costs no thread. The application runs in threads, and only once a request is whole.
"""
