"""One settings file, safe by default; what differs between machines comes from the environment."""

import sys

from django.utils.translation import gettext_lazy as _

from config import env
from config.databases import app_role, database, runs_as_owner

BASE_DIR = env.ROOT
DEBUG = env.flag("DEBUG")
_FOR_NOBODY_REAL = "only-for-a-machine-with-DEBUG-on-and-nobody-real-inside"
SECRET_KEY = env.secret("SECRET_KEY", _FOR_NOBODY_REAL if DEBUG else None)
ALLOWED_HOSTS = env.text("ALLOWED_HOSTS", "localhost 127.0.0.1" if DEBUG else None).split()
SITE_URL = env.url("SITE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Everything the program writes lies under one directory.
DATA_DIR = env.path("DATA_DIR", "var")
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
KEY_FILE = env.path("KEY_FILE", DATA_DIR / "keys" / "keys.json")
# The log's signing key stays on a disk when KEY_FILE lies in memory: nothing could bring it back.
LOG_KEY_FILE = env.path("LOG_KEY_FILE", DATA_DIR / "keys" / "log.json")
# Where "unlock" may put a key file: a directory in memory, gone when the machine stops.
RUNTIME_DIR = env.path("RUNTIME_DIR", "/run/abarona")
FILES_DIR = env.path("FILES_DIR", DATA_DIR / "files")
REPORTS_DIR = env.path("REPORTS_DIR", DATA_DIR / "reports")
FILE_MOST_BYTES = env.number("FILE_MOST_MB", 20, least=1, most=100) * 1_000_000
# An upload would otherwise lie readable in a temporary directory.
FILE_UPLOAD_HANDLERS = ["web.uploads.MemoryUploadHandler"]

INSTALLED_APPS = [
    "config",
    "web",
    "api",
    "reports",
    "donations",
    "cases",
    "lawyers",
    "treasury",
    "accounts",
    "audit",
    "vault",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "web.middleware.PrivatePagesMiddleware",
    "web.reading.ReadingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.reading.ReaderMiddleware",
    "web.account.stepping.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "web.rooms.rooms",
            ]
        },
    }
]

_ENGINES = ("sqlite", "postgresql")
_PROGRAM = env.url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'abarona.sqlite3'}", schemes=_ENGINES)
# The tables' owner on PostgreSQL, for migrate alone: the environment of the service does not hold it.
_OWNER = env.url("MIGRATE_DATABASE_URL", _PROGRAM, schemes=_ENGINES)
DATABASE_APP_ROLE = app_role(_PROGRAM, _OWNER)
DATABASE_AS_OWNER = runs_as_owner(sys.argv)
DATABASES = {
    "default": database(_OWNER if DATABASE_AS_OWNER else _PROGRAM),
    # Wrapped data keys stay apart, so that a copy of the main database opens nothing.
    "keys": database(
        env.url("KEY_DATABASE_URL", f"sqlite:///{DATA_DIR / 'keys' / 'keys.sqlite3'}", schemes=_ENGINES)
    ),
}
KEY_FILE.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
DATABASE_ROUTERS = ["vault.router.KeyStoreRouter"]
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = True
SIMPLE_HISTORY_DATE_INDEX = False

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Sign-in: one User for staff and lawyers abroad; donors are no users. See accounts/.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.signing_in.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Desk"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", not DEBUG)

SESSION_ENGINE = "accounts.sessions"
# A session ends after so long whatever is done in it, and sooner if nothing is done.
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 12) * 3600
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 60)
# Acts listed in web/account/stepping.py take a sign-in of the last ten minutes.
STEP_UP_REQUIRED = env.flag("STEP_UP_REQUIRED", not DEBUG)
# How long a case stays open to somebody who broke the glass.
GLASS_HOURS = env.number("GLASS_HOURS", 24)
# People outside one's own grants whose sealed values one may be shown in 24 hours; the most of one's roles.
READING_BUDGETS = {
    "coordinator": env.number("READING_BUDGET_COORDINATOR", 300),
    "second-officer": env.number("READING_BUDGET_SECOND_OFFICER", 300),
    "treasurer": env.number("READING_BUDGET_TREASURER", 300),
    "administrator": env.number("READING_BUDGET_ADMINISTRATOR", 200),
    "auditor": env.number("READING_BUDGET_AUDITOR", 100),
    "lawyer": env.number("READING_BUDGET_LAWYER", 20),
}
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "s"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "c"
LANGUAGE_COOKIE_NAME = "l"
if not DEBUG:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Browsers would send "Origin: null" with our own forms under "no-referrer"; see web/middleware.py.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Stripe, or the sandbox that speaks like it. The program has no other difference between the two.
STRIPE_API_KEY = env.secret("STRIPE_API_KEY", "sk_test_sandbox" if DEBUG else "")
STRIPE_WEBHOOK_SECRETS = env.secret("STRIPE_WEBHOOK_SECRETS", "whsec_sandbox" if DEBUG else "").split()
STRIPE_BASE_URL = env.text("STRIPE_BASE_URL", "http://127.0.0.1:8010" if DEBUG else "")
STRIPE_LIVE = env.flag("STRIPE_LIVE", not DEBUG)
CHECKOUT_ORIGIN = STRIPE_BASE_URL or "https://checkout.stripe.com"

LEAVE_URL = env.url("LEAVE_URL", "https://www.wikipedia.org/")
LEAVE_ORIGIN = "/".join(LEAVE_URL.split("/", 3)[:3])

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'none'"],
        # Chrome enforces form-action on the redirect that follows a form.
        "form-action": ["'self'", CHECKOUT_ORIGIN, LEAVE_ORIGIN],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# How long copies outlive an erasure; said after each one, and in docs/privacy.md.
BACKUP_DAYS = env.number("BACKUP_DAYS", 35)
KEY_BACKUP_DAYS = env.number("KEY_BACKUP_DAYS", 7)
# Periods of docs/retention.md that this organisation decided otherwise: "read-log=400 feeds=14".
RETENTION_DAYS = env.text("RETENTION_DAYS", "")

BASE_CURRENCY = env.text("BASE_CURRENCY", "EUR")
ORGANISATION_NAME = env.text("ORGANISATION_NAME", "Abarona")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("be", _("Belarusian")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Europe/Minsk")

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The organisation's own relay: it sees every address. Without one no mail is sent or offered.
EMAIL_HOST = env.text("MAIL_HOST", "")
EMAIL_PORT = env.number("MAIL_PORT", 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("MAIL_USER", ""), env.secret("MAIL_PASSWORD", "")
EMAIL_USE_SSL = env.flag("MAIL_TLS_FROM_THE_START")
EMAIL_USE_TLS = env.flag("MAIL_STARTTLS", not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 20
# On a developer's machine letters lie readable under DATA_DIR; there is nobody real inside.
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'filebased' if DEBUG and not EMAIL_HOST else 'smtp'}.EmailBackend"
)
MAIL_ON = bool(EMAIL_HOST) or DEBUG
# Both show in every letter: name nobody in them.
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "office@example.org" if DEBUG else "")
# Auditors and members of the board who get the day's first checkpoint of the log, and keep it.
CHECKPOINT_ADDRESSES = env.addresses("CHECKPOINT_ADDRESSES")
MAIL_SITE_URL = env.url("MAIL_SITE_URL", SITE_URL)
# Where somebody writes who gives much and is asked who they are.
DONOR_CONTACT = env.text("DONOR_CONTACT", DEFAULT_FROM_EMAIL)

# What banks and the payment company show a giver, as it is registered with them.
STATEMENT_NAME = env.text("STATEMENT_NAME", "NORTHERN SERVICES" if DEBUG else "")
SEPA_CREDITOR_NAME = env.text("SEPA_CREDITOR_NAME", "NORTHERN SERVICES" if DEBUG else "")
SEPA_CREDITOR_ID = env.text("SEPA_CREDITOR_ID", "")
# Who issues receipts: a neutral registered name too. Empty: no receipts are made.
RECEIPT_ISSUER = env.text("RECEIPT_ISSUER", STATEMENT_NAME)
RECEIPT_LINES = env.text("RECEIPT_LINES", "")
# Minor units. Above the ceiling we must be able to ask who gives; a large gift waits for a dated check.
DONATION_LEAST_MINOR = env.number("DONATION_LEAST_MINOR", 500, least=100)
DONATION_MOST_MINOR = env.number("DONATION_MOST_MINOR", 500_000, least=1_000)
DONATION_CEILING_MINOR = env.number("DONATION_CEILING_MINOR", 100_000, least=1_000)
# Minor units of the currency of the books: above it no one person pays a claim, whoever approved it.
PAYMENT_ALONE_MINOR = env.number("PAYMENT_ALONE_MINOR", 500_000, least=1)
# Payees whose names and accounts one person takes out in payment files of a day without a colleague.
EXPORT_ALONE_PEOPLE = env.number("EXPORT_ALONE_PEOPLE", 25, least=1)
# Minor units of the gift's currency: above it, all refunds of one gift together, no one person gives back.
REFUND_ALONE_MINOR = env.number("REFUND_ALONE_MINOR", 10_000, least=0)
# What is committed may be overspent by so much when it is paid.
COMMITMENT_TOLERANCE_BASIS_POINTS = env.number("COMMITMENT_TOLERANCE_BASIS_POINTS", 500, least=0, most=2_000)
# A batch is closed when both have come together: one known gift must not be readable from it.
BATCH_LEAST_GIFTS = env.number("BATCH_LEAST_GIFTS", 50, least=20)
BATCH_LEAST_DAYS = env.number("BATCH_LEAST_DAYS", 7, least=7)
# Where giving is prosecuted, and no money is sent to directly: two letters each.
RISK_COUNTRIES = env.countries("RISK_COUNTRIES", "BY RU")
# Payment pages opened for one fund in an hour that led to nothing; card testers open hundreds.
DONATION_UNPAID_QUOTA = env.number("DONATION_UNPAID_QUOTA", 60, least=5)
# Requests for help in an hour: from the first number on a question is asked, at the second nothing is kept.
HELP_EASY = env.number("HELP_EASY", 10, least=1)
HELP_QUOTA = env.number("HELP_QUOTA", 60, least=2)

# Error reports would carry local variables in plain text: none are made, and logs carry no values.
DEFAULT_EXCEPTION_REPORTER = "config.errors.SilentReporter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.errors.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.tokens.ScopedPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.pages.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "EXCEPTION_HANDLER": "api.problems.answer",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Abarona",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    # Closed lists stay beside their field: many rooms have a "status" or a "kind" of their own.
    "POSTPROCESSING_HOOKS": [],
}
