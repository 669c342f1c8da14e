"""Paths of resources: no trailing slash is asked for, and a path with one answers too."""

from rest_framework.routers import Route, SimpleRouter

# OPTIONS would tell no more than the Allow of a 405 does.
METHODS = ["get", "head", "post", "patch", "delete"]


class Router(SimpleRouter):
    """For resources that can only be read: a listing, and its single resources by their ids."""

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
    """For resources of which a client has one, so that they need no id."""

    routes = [
        Route(
            url=r"^{prefix}{trailing_slash}$",
            mapping={"get": "retrieve"},
            name="{basename}",
            detail=True,
            initkwargs={"http_method_names": METHODS},
        )
    ]
