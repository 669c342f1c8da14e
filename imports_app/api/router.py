"""Paths of resources. They have no trailing slash, but answer with one, too."""

from rest_framework.routers import Route, SimpleRouter

# The answer to OPTIONS would say no more than the Allow header of a 405.
METHODS = ["get", "head", "post", "patch", "delete"]


class Router(SimpleRouter):
    """Routes read-only resources: a listing, and single resources by their ids."""

    routes = [
        Route(
            url=r"^{prefix}{trailing_slash}$",
            mapping={"get": "list"},
            name="{basename}-list",
            detail=False,
            initkwargs={"http_method_names": METHODS},
        ),
        Route(
            url=r"^{prefix}/{lookup}{trailing_slash}$",
            mapping={"get": "retrieve"},
            name="{basename}-detail",
            detail=True,
            initkwargs={"http_method_names": METHODS},
        ),
    ]

    def __init__(self) -> None:
        super().__init__(trailing_slash=False)
        self.trailing_slash = "/?"


class SingleRouter(Router):
    """Routes resources of which each client has only one, so that they need no id."""

    routes = [
        Route(
            url=r"^{prefix}{trailing_slash}$",
            mapping={"get": "retrieve"},
            name="{basename}",
            detail=True,
            initkwargs={"http_method_names": METHODS},
        )
    ]
