"""All settings. What differs between machines comes from the environment: docs/running.md lists every variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Local mode: to try the site on one's own machine. It has defaults for everything, and demo people may exist in it.
LOCAL = env.bool("MOGI_LOCAL", default=False)
if not LOCAL:
    missing = [name for name in ("MOGI_SECRET_KEY", "MOGI_HOSTS", "MOGI_DATABASE_URL") if not env.str(name, default="")]
    if missing:
        raise ImproperlyConfigured(
            f"Mogi can't start: set {', '.join(missing)} (docs/running.md says what each is for), "
            "or set MOGI_LOCAL=1 to try it on this machine only."
        )

DEBUG = LOCAL and env.bool("MOGI_DEBUG", default=False)
LOCAL_KEY = "of-local-mode-which-serves-this-machine-only-and-nobody-else"  # known to everybody
SECRET_KEY = env.str("MOGI_SECRET_KEY", default="") or LOCAL_KEY
if not LOCAL and (len(SECRET_KEY) < 50 or SECRET_KEY == LOCAL_KEY):
    raise ImproperlyConfigured(
        "Mogi can't start: MOGI_SECRET_KEY must have at least 50 random characters, and not be the key of local mode."
    )
DATA_DIR = env.path("MOGI_DATA_DIR", default=BASE_DIR / "data")
DATA_DIR = Path(str(DATA_DIR))
if LOCAL:  # elsewhere a missing folder is a mistake, or a disk that is not mounted
    DATA_DIR.mkdir(parents=True, exist_ok=True)

# Where the site is reached
ALLOWED_HOSTS = env.list("MOGI_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("MOGI_ORIGINS", default=[])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("MOGI_BEHIND_PROXY", default=False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the proxy itself, over plain HTTP
SECURE_HSTS_SECONDS = 0 if LOCAL else env.int("MOGI_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "mogi_session"
PERSON_COOKIE_NAME = "mogi_person"  # read by the scripts of the exam room, see docs/exam-room.md
LANGUAGE_COOKIE_NAME = "mogi_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

INSTALLED_APPS = [
    "exams",
    "allauth",
    "allauth.account",
    "django_htmx",
    "adminsortable2",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "examsite.middleware.person",
]
ROOT_URLCONF = "examsite.urls"
WSGI_APPLICATION = "examsite.wsgi.application"
CSRF_FAILURE_VIEW = "exams.views.errors.csrf_failure"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "examsite.middleware.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# Database: a file, or PostgreSQL
DATABASE_URL = env.str("MOGI_DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'mogi.sqlite3'}"
try:
    if DATABASE_URL.partition(":")[0] not in ("sqlite", "postgres", "postgresql"):
        raise ValueError("another database")
    DATABASES: dict[str, Any] = {"default": env.db_url_config(DATABASE_URL)}
except ValueError:  # such as a port that is no number; what it says may be a part of the password
    raise ImproperlyConfigured(
        "Mogi can't start: MOGI_DATABASE_URL must be an address such as postgres://user:password@host/name or "
        "sqlite:////srv/mogi/mogi.sqlite3."
    ) from None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits for its turn instead of failing half-way
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("MOGI_DATABASE_POOL", default=8), "timeout": 5},
        "options": "-c lock_timeout=5000",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Counts of failed sign-ins must be one for all processes.
    "default": env.cache_url("MOGI_CACHE_URL", default="dbcache://cache")
}

# People
AUTH_USER_MODEL = "exams.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "examsite.accounts.AccountAdapter"
ACCOUNT_FORMS = {"add_email": "examsite.accounts.AddEmailForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "exams.forms.people.SignUpForm"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {
    # Per address wide enough for a classroom behind one router, per account narrow.
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/5m/key",
    "signup": "100/m/ip",
}
SIGN_UP_IS_OPEN = env.bool("MOGI_SIGN_UP", default=True)

# Questions
REVIEW_BY_ANOTHER = env.bool("MOGI_REVIEW_BY_ANOTHER", default=False)

# Mail
EMAIL_URL = env.str("MOGI_EMAIL_URL", default="consolemail://" if LOCAL else "")
SENDS_MAIL = bool(EMAIL_URL)
mail = env.email_url_config(EMAIL_URL or "dummymail://")
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = (
    mail["EMAIL_BACKEND"],
    mail.get("EMAIL_HOST") or "localhost",
    mail.get("EMAIL_PORT") or 25,
)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail.get("EMAIL_HOST_USER") or "", mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_TIMEOUT = 10  # a mail server that hangs must not hold a page
EMAIL_USE_TLS, EMAIL_USE_SSL = mail.get("EMAIL_USE_TLS", False), mail.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MOGI_FROM_EMAIL", default="mogi@localhost")
if env.bool("MOGI_VERIFY_EMAIL", default=False) and not SENDS_MAIL:
    raise ImproperlyConfigured(
        "Mogi can't start: MOGI_VERIFY_EMAIL needs a mail server; set MOGI_EMAIL_URL too, or leave both out."
    )
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if env.bool("MOGI_VERIFY_EMAIL", default=False) else "none"

# Languages and time
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LANGUAGE_CODE = env.str("MOGI_LANGUAGE", default="ja")
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"Mogi can't start: MOGI_LANGUAGE must be one of {', '.join(dict(LANGUAGES))}.")
LOCALE_PATHS = [BASE_DIR / "examsite" / "locale"]
FORMAT_MODULE_PATH = "examsite.formats"
TIME_ZONE = env.str("MOGI_TIME_ZONE", default="Asia/Tokyo")
try:
    ZoneInfo(TIME_ZONE)
except (KeyError, ValueError, OSError):
    raise ImproperlyConfigured(
        "Mogi can't start: MOGI_TIME_ZONE must be a name such as Asia/Tokyo or Europe/Berlin."
    ) from None
USE_I18N = USE_TZ = True

# Forms: a question has up to some 60 texts (14 options, each with a rationale, in two languages) of 20,000 characters
# (domain.bank.LONGEST_TEXT), and a Japanese one takes 9 bytes in a form. What is over the limit of a text is refused
# beside its field, what is over this one by a page. Pictures do not count.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# Whoever may not write questions sends nothing that large, files included.
MOST_BYTES_BUT_OF_AUTHORS = 5 * 1024 * 1024 // 2

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("MOGI_STATIC_DIR", default=str(BASE_DIR / "static")))
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "examsite.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = LOCAL

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("MOGI_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "fontTools": {"level": "WARNING"},  # it tells of every table that a printed report does not need
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners ask for any host; they get their 400
    },
}
BUILD = env.str("MOGI_BUILD", default="local")  # told with every reply to a save, so that an old page can notice
SITE_NAME = "Mogi"
SITE_TAGLINE = _("Timed mock certification exams")
