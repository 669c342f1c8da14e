"""`manage.py create_client`: a new API client, from the command line."""

import json
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imports_app.models import ApiClient, Mode
from imports_app.models.clients import DEFAULT_SCOPES
from imports_app.scopes import Scope

SCOPES = "\n".join(f"  {scope:<18}{scope.label}" for scope in Scope)


class Command(BaseCommand):
    """Prints the new client's id and secret, once: afterwards nobody can read the secret."""

    help = "Creates an API client and prints its id and secret. The secret is shown only this once."
    requires_migrations_checks = True

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=f"scopes:\n{SCOPES}",
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="what people call the client")
        parser.add_argument(
            "--mode",
            choices=Mode.values,
            required=True,
            help="which data the client sees and makes; it sees nothing of the other mode",
        )
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
                name=options["name"], mode=options["mode"], scopes=options["scopes"]
            )
        except ValidationError as error:
            raise CommandError("; ".join(_sentences(error))) from None
        if options["json"]:
            credentials = {"client_id": client.client_id, "client_secret": secret}
            self.stdout.write(json.dumps(credentials))
        else:
            self.stdout.write(_for_people(client, secret))


def _sentences(error: ValidationError) -> list[str]:
    return [
        f"{field}: {message}" for field, texts in error.message_dict.items() for message in texts
    ]


def _for_people(client: ApiClient, secret: str) -> str:
    return (
        f"{client.name}, a {client.mode} client that may use {client.scopes}\n"
        f"  client_id      {client.client_id}\n"
        f"  client_secret  {secret}\n"
        "Keep the secret now: it can't be shown again."
    )
