"""Tells receivers what happened to imports: webhooks, and the callbacks that go out to them."""
