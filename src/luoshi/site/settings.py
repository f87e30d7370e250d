"""Django settings. Everything that differs between installations comes from ``luoshi.site.environment``."""

import os
from datetime import timedelta
from pathlib import Path

from luoshi.site import environment
from luoshi.site.logs import configuration as log_configuration

HERE = Path(__file__).resolve().parent
LUOSHI_HOME = environment.home()
LUOSHI_DEMO = environment.is_demo()
if LUOSHI_DEMO and (day := environment.demo().get("LUOSHI_AS_OF")):
    os.environ.setdefault("LUOSHI_AS_OF", day)

SECRET_KEY = environment.secret("LUOSHI_SECRET_KEY")
LUOSHI_DATA_KEY = environment.data_key()
DEBUG = False
ALLOWED_HOSTS = environment.allowed_hosts()
DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "luoshi.office.people",
    "luoshi.office.journal",
    "luoshi.office.plans",
    "luoshi.office.duties",
    "luoshi.office.evidence",
    "luoshi.office.notices",
    "luoshi.gazette",
    "luoshi.supervision",
    "luoshi.supervision.reporting",
    "luoshi.supervision.load",
    "luoshi.supervision.scores",
    "luoshi.supervision.workbook",
    "luoshi.supervision.outlook",
    "luoshi.supervision.promises",
    "luoshi.supervision.meetings",
    "luoshi.site",
]

MIDDLEWARE = [
    "luoshi.site.middleware.request_log",
    "luoshi.site.middleware.size_limit",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "luoshi.site.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "luoshi.site.middleware.acting_post",
    "luoshi.site.middleware.problems",
]

ROOT_URLCONF = "luoshi.site.urls"
WSGI_APPLICATION = "luoshi.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "luoshi.site.context.shell",
            ],
            "builtins": ["luoshi.site.templatetags.luoshi", "luoshi.site.templatetags.components"],
        },
    }
]

# Accounts: level-3 controls (DOMAIN 13) as settings with safe defaults. Values marked there as unverified are ours.
AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "luoshi.office.people.passwords.ThreeOfFourClasses"},
    {"NAME": "luoshi.office.people.passwords.NotUsedRecently"},
]
LUOSHI_LOCK_AFTER_FAILURES = 5
LUOSHI_LOCK_FOR = timedelta(minutes=15)
LUOSHI_IDLE_LOGOUT = timedelta(minutes=30)
LUOSHI_PASSWORD_MAX_AGE = timedelta(days=90)
LUOSHI_PASSWORD_HISTORY = 5
LUOSHI_SESSIONS_PER_ACCOUNT = 3
LUOSHI_SECOND_FACTOR_ROLES = ("system_admin", "security_admin", "audit_admin")
LUOSHI_SIGN_IN_CODE_WITHIN = timedelta(minutes=5)  # from the password to the one-time code
LUOSHI_REVEALED_FOR = timedelta(minutes=5)  # how long one shown field of personal data stays open to who asked
LUOSHI_ANONYMOUS_POSTS_PER_MINUTE = 60  # from one address; an office often shares one
LUOSHI_TRUSTED_PROXIES = environment.trusted_proxies()
LOGIN_URL = "sign-in"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LUOSHI_DEMO
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if LUOSHI_DEMO else 31_536_000
SECURE_PROXY_SSL_HEADER = None if LUOSHI_DEMO else ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "luoshi.site.pages.faults.csrf_failed"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "luoshi_language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LUOSHI_FILES = LUOSHI_HOME / "files"
LUOSHI_OUTBOX = LUOSHI_HOME / "outbox"
LUOSHI_MAIL_HOST = "127.0.0.1"
LUOSHI_MAIL_FROM = "luoshi@localhost"
LUOSHI_UPLOAD_LIMIT = 100 * 1024 * 1024  # one file
LUOSHI_REQUEST_LIMIT = 200 * 1024 * 1024  # one submission with all its files
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING_CONFIG = None
log_configuration(json_lines=not LUOSHI_DEMO)
