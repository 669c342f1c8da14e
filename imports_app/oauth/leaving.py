"""What goes along with a client."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from imports_app.models import Webhook
from imports_app.oauth.models import ApiClient


@receiver(pre_delete, sender=ApiClient, dispatch_uid="client_leaves")
def delete_webhooks(*, instance: ApiClient, **_: Any) -> None:
    """Delete its webhooks: nobody is there to be told. Its imports stay, with its key."""
    Webhook.objects.filter(caller=instance.client_id).delete()
