"""A commerce catalogue: the resource types that the service ships with. Without it the core works
with your own models.
"""
