"""Settings of the tests: local mode, quick passwords, no pool that outlives a test."""

import os
import tempfile

os.environ.setdefault("MOGI_LOCAL", "1")

from examsite.settings import *  # noqa: F403
from examsite.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT = None  # files are found where they lie
WHITENOISE_AUTOREFRESH = False
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
ACCOUNT_RATE_LIMITS = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in use: the shared memory that Django would take locks in another way.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(tempfile.gettempdir(), f"mogi-test-{os.getppid()}.sqlite3")}
