"""How many statements a request makes, told in a header. Only in the pass of `make bench` that counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


def statements(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Outermost, so that what sessions read and write counts too. BEGIN and COMMIT do not: the driver sends them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        made = 0

        def count(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal made
            made += 1
            return execute(*args)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response.headers["X-Statements"] = str(made)
        return response

    return middleware
