"""What has to be there before anything can run, made where it is missing.

Importing this module needs Django set up.
"""

import json
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import OperationalError
from oauth2_provider.models import get_application_model

from config.keys import kept_secret, write_private
from config.supervisor.requirements import CannotStart

STAFF = "staff"


def migrate() -> None:
    """Bring the database up to date."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise CannotStart(f"The database of DATABASE_URL is not usable: {reason}") from error


def ensure_staff_user(keys: Path) -> Path:
    """Make the demo's staff user unless it is there; returns the file with its first password."""
    password = keys / "staff-password"
    users = get_user_model().objects
    if not users.filter(username=STAFF).exists():
        users.create_superuser(username=STAFF, password=kept_secret(password, size=12))
    return password


def ensure_client(keys: Path, mode: str) -> Path:
    """Make the demo's API client of this mode; returns the file with its token request.

    The secret is hashed in the database: the file is the only place that has it.
    """
    path = keys / f"{mode}-client.json"
    if not path.exists():
        request = {
            "grant_type": "client_credentials",
            "client_id": secrets.token_urlsafe(24),
            "client_secret": secrets.token_urlsafe(32),
        }
        write_private(path, json.dumps(request, indent=2))
    request = json.loads(path.read_text())
    clients = get_application_model()
    if not clients.objects.filter(client_id=request["client_id"]).exists():
        clients.objects.create(
            name=f"Demo ({mode})",
            mode=mode,
            client_id=request["client_id"],
            client_secret=request["client_secret"],
            client_type=clients.CLIENT_CONFIDENTIAL,
            authorization_grant_type=clients.GRANT_CLIENT_CREDENTIALS,
        )
    return path
