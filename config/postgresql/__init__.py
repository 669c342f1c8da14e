"""Django's PostgreSQL, for servers that don't answer and for poolers in between.

Every transaction brings its limits along, for a pooler in transaction mode (PgBouncer, RDS Proxy)
takes no startup parameters and lets no session keep anything. And a wait for the server ends.
"""
