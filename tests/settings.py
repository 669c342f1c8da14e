"""The project's own settings, on the servers and in the folders of this test run.

TEST_BACKEND says where the suite runs: `sqlite` (the default), or `postgresql`, with Redis.
"""

import os
import uuid
from pathlib import Path

from tests import servers

if "PYTEST_XDIST_WORKER" not in os.environ:  # xdist's workers inherit what is set here
    servers.keep_files_in_memory()
    folder = servers.temporary_folder()
    os.environ["IMPORTS_DATA_DIR"] = str(folder)
    os.environ["CELERY_TASK_DEFAULT_QUEUE"] = f"test-{uuid.uuid4().hex[:8]}"
    if os.environ.get("TEST_BACKEND") == "postgresql":
        os.environ["DATABASE_URL"] = servers.postgresql_url()
        os.environ["CELERY_BROKER_URL"] = servers.redis_url()
    else:
        os.environ.pop("DATABASE_URL", None)
        os.environ["CELERY_BROKER_URL"] = servers.embedded_broker_url(folder)
else:
    # What is measured, say, is added up in a folder: one process mustn't count what another does.
    own_folder = Path(os.environ["IMPORTS_DATA_DIR"]) / os.environ["PYTEST_XDIST_WORKER"]
    own_folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["IMPORTS_DATA_DIR"] = str(own_folder)

from config.env import DATA_DIR
from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS

# Read too early, it would be the folder of `make run`, and of every other test run.
assert Path(os.environ["IMPORTS_DATA_DIR"]).resolve() == DATA_DIR

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # In a file, as in real life: in memory there is no WAL, and no second connection.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

elif "postgresql" in DATABASES["default"]["ENGINE"]:
    # No test takes the machine down, so that none has to wait for its disk.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"

if os.environ.get("TEST_BACKEND") == "mariadb":
    DATABASES["default"] = servers.mariadb()

INSTALLED_APPS += ["tests.guests.apps.GuestsConfig"]

if os.environ.get("TEST_BACKEND") == "mariadb":
    # It looks at foreign keys at once, so that all tables have to be made together.
    MIGRATION_MODULES = dict.fromkeys((app.split(".")[-1] for app in INSTALLED_APPS), None)

IMPORTS_SIGN_IN_FAILURES = IMPORTS_SIGN_IN_NAME_FAILURES = 1_000_000  # all come from one address

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Each test's client loads the middleware anew: it needn't look at all static files each time.
WHITENOISE_AUTOREFRESH = True
