"""Events, webhooks and callbacks in the API."""
