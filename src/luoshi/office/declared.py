"""Loading every module that declares an action or a readable, so that the access matrix misses none.

Declarations register themselves when their module is imported. A module that only a command uses would be missing
from a matrix printed by a page; so the modules are found by what stands in them, not by who happens to import them.
"""

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

import luoshi

_MARKS = ("@action(", "Readable(")


@cache
def load_all() -> tuple[str, ...]:
    """Import each such module and return their names. Django must be set up."""
    found = []
    for module in pkgutil.walk_packages(luoshi.__path__, "luoshi.", onerror=lambda name: None):
        path = Path(luoshi.__path__[0], *module.name.split(".")[1:])
        path = path / "__init__.py" if module.ispkg else path.with_suffix(".py")
        if ".migrations" not in module.name and any(mark in path.read_text("utf-8") for mark in _MARKS):
            import_module(module.name)
            found.append(module.name)
    return tuple(found)
