"""Makes the clients of a torture: `python -m tests.torture.credentials` prints what each signs in
with, in the order of `NAMES`.
"""

import json
import sys

import django

from tests.torture.orders import CLIENTS, MODES

NAMES = [(mode, number) for mode in MODES for number in CLIENTS]
SCOPES = "imports:read imports:write imports:cleanup"


def main() -> None:
    made = [issued(mode) for mode, _ in NAMES]
    sys.stdout.write(json.dumps(made))


def issued(mode: str) -> dict[str, str]:
    from imports_app.oauth.models import ApiClient

    client, secret = ApiClient.issue(name="torture", mode=mode, scopes=SCOPES)
    return {"client_id": client.client_id, "client_secret": secret}


if __name__ == "__main__":
    django.setup()
    main()
