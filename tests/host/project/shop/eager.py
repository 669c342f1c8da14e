"""The settings, where imports are carried out by whoever makes them."""

from shop.settings import *  # noqa: F403

IMPORTS_EAGER = True
