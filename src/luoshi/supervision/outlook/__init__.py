"""Saved views, calendars, the week's page, and what will probably be late."""
