"""The service's URLs, and those of the bare views."""

from django.urls import path

from config.urls import urlpatterns as service
from tests.benchmarks.bare.records import records

urlpatterns = [path("bare/records", records), *service]
