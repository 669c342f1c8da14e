"""The service's URLs, and those of the bare views."""

from django.urls import include, path

from config.urls import urlpatterns as service
from tests.benchmarks.bare.imports import keep, latest
from tests.benchmarks.bare.records import records

# The web server takes large bodies only where imports are made: it looks at the name of the URL.
bare = [path("records", records), path("imports", keep, name="imports"), path("latest", latest)]
urlpatterns = [path("bare/", include((bare, "bare"))), *service]
