"""A commerce catalogue: the resource types that the service ships with.

A project can leave it out and import into models of its own.
"""
