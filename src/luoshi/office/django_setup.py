"""Starting Django for a command, once."""

import os


def start() -> None:
    """Load settings and apps; a missing secret or a bad URL surfaces as a ``Problem``."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.site.settings")
    if not apps.ready:
        django.setup()
