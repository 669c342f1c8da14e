"""The exchanges that the document shows as examples, carried out for real."""

import json
import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

from imports_app.api.openapi.examples import FILE, exchanges
from imports_app.commerce.models import Sku
from imports_app.models import Mode
from imports_app.oauth.models import ApiClient
from imports_app.oauth.secrets import hashed
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Answer, Caller
from tests.running import run_to_end

CLIENT_ID = "Vq3hXyTz8bKfLw2mRd5cGj7nPs9uAe4x"
SECRET = "Jt6wZk1rQy8mVb3xNc5gHf2pLd7sKa9eUo4iTz0hRj6"
FINISHED = UUID("019b2a1c-5d3e-7a40-8f10-2c6b9d4e7f01")
PENDING = UUID("019b2a1c-6b7f-7c52-9a3d-4e8f1b2c5d02")
IN_PROGRESS = UUID("019b2a1c-7a91-7e64-8b5c-6d0a3f4e7b03")
SKU = UUID("019b2a1c-8c45-7b18-a2d7-5f9e0c6b1a04")

# What is another one each time.
CHANGING = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "<datetime>"),
    (re.compile(r'https?://[^/"]+'), "<origin>"),
    (re.compile(r'"(id|created_at)": ("\d+"|\d+)'), r'"\1": "<number>"'),
    (re.compile(r'"access_token": "[^"]+"'), '"access_token": "<token>"'),
    (re.compile(r'"attachment_url": ("[^"]+"|null)'), '"attachment_url": "<url>"'),
)


def world() -> Caller:
    """A client that has sent three imports, and its shop."""
    client: ApiClient = ApiClientFactory.create(
        name="My shop",
        application__client_id=CLIENT_ID,
        mode=Mode.TEST,
        secret_hash=hashed(SECRET),
    )
    Sku.objects.create(pk=SKU, mode=Mode.TEST, code="BABYONBU", name="Baby bodysuit")
    rows = [
        {"code": "BABYONBU", "name": "Black baby bodysuit", "weight": 120.0},
        {"code": "TSHIRTMM", "name": "White T-shirt", "weight": "light"},
    ]
    common = {"client": client, "mode": Mode.TEST}
    finished = ImportFactory.create(id=FINISHED, rows=rows, skip_errors=True, **common)
    run_to_end(finished)
    ImportFactory.create(id=PENDING, **common)
    ImportFactory.create(id=IN_PROGRESS, resource_type="prices", in_progress=True, **common)
    return Caller(client)


def carried_out(exchange: dict[str, Any], caller: Caller) -> Answer:
    """What the service answers to the exchange's request."""
    headers = dict(exchange.get("headers", {}))
    return caller.request(
        exchange["method"],
        quote(exchange["path"], safe="/?&=[],"),
        exchange.get("body", b""),
        exchange["media_type"],
        **headers,
    )


def media_type(answer: Answer) -> str:
    """Without its parameters; none of an answer without a body."""
    return str(answer.headers.get("Content-Type", "")).partition(";")[0]


def body(answer: Answer) -> Any:
    """The document, or the text."""
    if not answer.content:
        return None
    return answer.document if "json" in media_type(answer) else answer.content.decode()


def masked(value: Any) -> Any:
    """The same without what changes each time."""
    text = json.dumps(value, sort_keys=True)
    for pattern, replacement in CHANGING:
        text = pattern.sub(replacement, text)
    return json.loads(text)


def renew(exchange: dict[str, Any], answer: Answer) -> None:
    """Writes the answer into the file, unless nothing but what changes each time is new."""
    kept = exchanges()
    place = kept.index(exchange)
    new = {"status": answer.status, "answer_type": media_type(answer), "answer": body(answer)}
    if masked(new) != masked({name: exchange[name] for name in new}):
        kept[place] |= new
        text = json.dumps(kept, indent=2, ensure_ascii=False)
        FILE.write_text(text.replace("http://testserver", "https://imports.example.com") + "\n")
