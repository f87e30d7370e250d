"""What publication declares by being imported: readables and actions."""


def load() -> None:
    """Import every module that declares something."""
    from luoshi.gazette.publication import request_actions, reveal, rulings, visibility  # noqa: F401
