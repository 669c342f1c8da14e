"""Send events of imports to receivers: webhooks, and the callbacks to them."""
