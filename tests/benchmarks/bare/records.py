"""The latest records, without a token, paging or shape."""

import json

from django.http import HttpRequest, HttpResponse

from imports_app.commerce.models import Sku


def records(request: HttpRequest) -> HttpResponse:
    """As many of the latest as `size` says, every column of them."""
    latest = Sku.objects.filter(mode="test").order_by("-pk")[: int(request.GET["size"])]
    return HttpResponse(json.dumps(list(latest.values()), default=str), "application/json")
