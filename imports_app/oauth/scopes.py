"""The scopes that a token request asks for."""

# What the clients of the reference API may ask for beside ours: the parts of a shop to sell from.
SHOP_SCOPES = ("market:", "stock_location:", "store:")


def requested_scopes(scope: str) -> str:
    """Return the scopes that can be granted or refused here, as OAuth writes them.

    The command line puts commas between scopes, which none of ours has in its name, and js-auth
    asks for `market:all` if it is told no scope. RFC 6749, section 3.3, allows to ignore what has
    no meaning here: the answer says which scopes the token has. Any other stays.
    """
    names = scope.replace(",", " ").split()
    return " ".join(name for name in names if not name.startswith(SHOP_SCOPES))
