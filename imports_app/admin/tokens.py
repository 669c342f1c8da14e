"""Takes the OAuth toolkit's own pages away: what they show is not used here, or nothing to see.

Access tokens are kept as checksums only; they end with their client, or when they expire.
"""

from django.contrib import admin
from oauth2_provider.models import (
    get_access_token_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

admin.site.unregister(
    [
        get_access_token_model(),
        get_grant_model(),
        get_id_token_model(),
        get_refresh_token_model(),
    ]
)
