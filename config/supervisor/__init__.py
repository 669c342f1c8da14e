"""Runs the whole service on one machine: `python -m config.supervisor`, or `make run`."""
