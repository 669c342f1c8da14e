"""`manage.py create_client`: a new API client, from the command line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from imports_app.management.command import TeachingCommand, add_mode, usage_error
from imports_app.models import ONLY, shown_mode
from imports_app.models.choices import Scope
from imports_app.oauth.models import DEFAULT_SCOPES, ApiClient

SCOPES = "\n".join(f"  {scope:<18}{scope.label}" for scope in Scope)


class Command(TeachingCommand):
    """Prints the new client's id and secret; afterwards nobody can read the secret."""

    help = "Creates an API client and prints its id and secret. The secret is shown only this once."
    epilog = f"""examples:
  manage.py create_client "My shop" --mode test
  manage.py create_client ERP --mode live --scopes "imports:read imports:write imports:cleanup"

scopes:
{SCOPES}
"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the client's name, for people")
        add_mode(parser, "the client's mode; it sees nothing of the other one")
        parser.add_argument(
            "--scopes",
            default=DEFAULT_SCOPES,
            help=f'what the client may do, separated by spaces (default: "{DEFAULT_SCOPES}")',
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help='print nothing but {"client_id": "…", "client_secret": "…"}',
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            client, secret = ApiClient.issue(
                name=options["name"],
                mode=options.get("mode", ONLY),
                scopes=options["scopes"],
            )
        except ValidationError as error:
            raise usage_error("; ".join(_sentences(error))) from None
        if options["json"]:
            self.print_json({"client_id": client.client_id, "client_secret": secret})
        else:
            self.stdout.write(_for_people(client, secret))


def _sentences(error: ValidationError) -> list[str]:
    return [
        f"{field}: {message}" for field, texts in error.message_dict.items() for message in texts
    ]


def _for_people(client: ApiClient, secret: str) -> str:
    kind = " ".join(("a", *shown_mode(client.mode).values(), "client"))
    return (
        f"{client.name}, {kind} with the scopes {client.scopes}\n"
        f"  client_id      {client.client_id}\n"
        f"  client_secret  {secret}\n"
        "Keep the secret now: it can't be shown again."
    )
