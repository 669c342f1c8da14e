"""`/api/imports`: a view reads the request, calls a service, and presents what that returns."""
