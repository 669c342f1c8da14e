"""Access tokens as JSON Web Tokens, in the form that clients read."""

import json
import uuid
from typing import Any

from django.utils.crypto import salted_hmac
from jwcrypto.common import base64url_encode
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT
from oauthlib.common import Request

from imports_app.conf import conf
from imports_app.models import Mode
from imports_app.oauth.models import ApiClient

HEADER = {"alg": "HS256", "typ": "JWT"}

# In base64, six bits that are 62 or 63 become - and _ (in the plain alphabet, + and /). In ASCII
# text, where the top bit is 0, only these four characters make such six bits.
ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in ">?~\x7f"}


def signed_token(request: Request) -> str:
    """Return a new token for the client and the scopes that were authorized.

    Signed with HMAC and a key derived from the secret key. Nobody but this service has reason to
    trust a token without asking, so there is no public key to publish and no key file to keep; and
    this service asks its database, where a token can be revoked. A change of the secret key makes
    no token invalid.
    """
    token = JWT(header=HEADER, claims=payload(claims(request)))
    token.make_signed_token(signing_key())
    return str(token.serialize())


def claims(request: Request) -> dict[str, Any]:
    """Return what the token says; clients rely on each of these and on the exact form of `iss`."""
    client: ApiClient = request.client
    created_at = request.extra_credentials["created_at"]
    return {
        "organization": {"id": conf.organization_id, "slug": conf.organization_slug},
        "application": {"id": client.client_id, "kind": "integration", "public": False},
        "test": client.mode == Mode.TEST,
        "scope": " ".join(request.scopes),
        "iat": created_at,
        "exp": created_at + request.expires_in,
        "jti": uuid.uuid4().hex,
        "iss": f"https://auth.{conf.auth_domain}",
    }


def payload(content: dict[str, Any]) -> str:
    """Return the claims as JSON whose base64 is the same in the plain and in the URL-safe alphabet.

    Clients decode it with functions that know the plain one only. What would break that is
    written as an escape, so that any name or slug comes out as it went in.
    """
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")).translate(ESCAPES)


def signing_key() -> JWK:
    """Return the HMAC key: 256 bits made from the secret key, of no use for anything else."""
    key = salted_hmac("imports_app.oauth.tokens", "access token", algorithm="sha256").digest()
    return JWK(kty="oct", k=base64url_encode(key))
