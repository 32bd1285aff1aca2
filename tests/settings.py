"""Settings of the tests: local mode, quick passwords, no pool that outlives a test."""

import os

os.environ.setdefault("MOGI_LOCAL", "1")

from examsite.settings import *  # noqa: F403
from examsite.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = False
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
ACCOUNT_RATE_LIMITS = False
