"""The service's settings with the bare views among its URLs."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.bare.urls"
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # a bare view reads a body as it is
