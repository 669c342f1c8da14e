"""Creates what has to be there before anything can run.

Importing this module needs Django set up.
"""

import json
from io import StringIO
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError

from config.keys import kept_secret, write_private
from config.supervisor.requirements import CannotStart
from imports_app.oauth.models import ApiClient

STAFF = "staff"


def check() -> None:
    """Raise CannotStart with everything that is wrong with models and importers."""
    try:
        call_command("check", tags=["models", "imports"], stdout=StringIO())
    except SystemCheckError as error:
        raise CannotStart(str(error)) from error


def migrate() -> None:
    """Bring the database up to date."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise CannotStart(f"The database of DATABASE_URL is not usable: {reason}") from error


def ensure_staff_user(keys: Path) -> Path:
    """Create the demo's staff user unless it exists; return the file with its first password."""
    password = keys / "staff-password"
    users = get_user_model().objects
    if not users.filter(username=STAFF).exists():
        users.create_superuser(username=STAFF, password=kept_secret(password, size=12))
    return password


def ensure_client(keys: Path, mode: str) -> Path:
    """Create the demo's API client of this mode unless it exists; return the file with its secret.

    The file holds a token request. The database has only a hash of the secret.
    """
    path = keys / f"{mode}-client.json"
    if not (path.exists() and _is_client(json.loads(path.read_text())["client_id"])):
        client, secret = ApiClient.issue(name=f"Demo ({mode})", mode=mode)
        request = {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": secret,
        }
        write_private(path, json.dumps(request, indent=2))
    return path


def _is_client(client_id: str) -> bool:
    return bool(ApiClient.objects.filter(application__client_id=client_id).exists())
