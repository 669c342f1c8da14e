"""The service's settings with the bare views among its URLs."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.bare.urls"
