"""What an editor does with a proposal, and what a confirmed proposal makes. Importing declares the actions."""

from luoshi.gazette.actions import confirm, edit, receive, remember, units, versions  # noqa: F401
