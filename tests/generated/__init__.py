"""Bad requests by the thousand against a real web process: none may be answered with a 5xx.

`python -m tests.generated --requests 10000`
"""
