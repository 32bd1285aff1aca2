"""Settings of the server that `make bench` measures: those of production, the floor's address, and statements counted
on request."""

import os

from examsite.settings import *  # noqa: F403
from examsite.settings import MIDDLEWARE

ROOT_URLCONF = "tests.load.urls"
if os.environ.get("BENCH_COUNTS"):  # in a pass of its own, because counting takes time
    MIDDLEWARE.insert(0, "tests.load.counting.statements")
