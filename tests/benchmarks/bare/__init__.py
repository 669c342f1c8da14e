"""Views without a framework in the service's own server, to compare its answers with."""
