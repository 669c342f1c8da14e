"""Webhooks, and callbacks that go out to them."""

from typing import Any

from factory.declarations import SelfAttribute, SubFactory
from factory.django import DjangoModelFactory

from imports_app.events.signing import give_secret
from imports_app.models import Mode, Topic, Webhook
from tests.factories.clients import ApiClientFactory


class WebhookFactory(DjangoModelFactory[Webhook]):
    """A webhook of a client, with a secret."""

    class Meta:
        model = Webhook

    mode = Mode.TEST
    client = SubFactory(ApiClientFactory, mode=SelfAttribute("..mode"))
    topic = Topic.CREATE
    callback_url = "https://example.com/hook"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Webhook:
        client = kwargs.pop("client")
        kwargs = {"caller": client and client.client_id, **kwargs}
        webhook: Webhook = model_class(*args, **kwargs)
        give_secret(webhook)
        webhook.save(force_insert=True)
        return webhook
