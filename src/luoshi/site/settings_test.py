"""Settings of the tests: generated secrets, a temporary data folder, the database of LUOSHI_DATABASE_URL."""

import base64
import os
import tempfile

os.environ.setdefault("LUOSHI_HOME", tempfile.mkdtemp(prefix="luoshi-test-"))
os.environ.setdefault("LUOSHI_SECRET_KEY", "only-for-tests-" + "0" * 40)
os.environ.setdefault("LUOSHI_DATA_KEY", base64.b64encode(bytes(range(32))).decode())
os.environ["LUOSHI_DEMO"] = "1"

from luoshi.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
SECRET_KEY_FALLBACKS: list[str] = []

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, because threads sharing an in-memory database lock whole tables where a real one waits.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["LUOSHI_HOME"], "test.sqlite3")}  # noqa: F405
LUOSHI_ANONYMOUS_POSTS_PER_MINUTE = 100_000  # one test sends a county's day; the limit has tests of its own
