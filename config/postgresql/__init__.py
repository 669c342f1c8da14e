"""Django's PostgreSQL backend, prepared for servers that hang and for poolers in between.

Every transaction sets its own limits, because a pooler in transaction mode (PgBouncer, RDS Proxy)
takes no startup parameters and keeps no session state. And every wait for the server has a limit.
"""
