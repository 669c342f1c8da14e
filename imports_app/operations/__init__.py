"""For those who run the service: its health, and what is measured."""
