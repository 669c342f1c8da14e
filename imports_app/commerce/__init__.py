"""A commerce catalogue: the resource types that the service ships with.

Without it, everything else works with models of your own.
"""
