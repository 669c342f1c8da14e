"""The settings, in the database of PostgreSQL that SHOP_DATABASE names as a URL.

The database of its tests begins as a copy of another one.
"""

import os

from psycopg.conninfo import conninfo_to_dict

from shop.settings import *  # noqa: F403

_parts = conninfo_to_dict(os.environ["SHOP_DATABASE"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _parts.pop("dbname"),
        "OPTIONS": _parts,
        "ATOMIC_REQUESTS": True,
        "TEST": {"TEMPLATE": os.environ["SHOP_TABLES"]},
    }
}
