"""What every page's shell needs, on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the acting post, the day, the language and the demo flag for the page shell."""
    page: Any = request
    return {
        "acting": getattr(page, "acting", None),
        "actor": getattr(page, "actor", None),
        "county": getattr(page, "county", None),
        "now": getattr(page, "now", None),
        "demo": settings.LUOSHI_DEMO,
        "large_type": request.COOKIES.get("luoshi_large") == "1",
        "theme": request.COOKIES.get("luoshi_theme", "auto"),
    }
