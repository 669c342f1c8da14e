"""`/api/imports`: the views read the request, call a service, and present what it returns."""
