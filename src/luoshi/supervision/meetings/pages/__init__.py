"""Rosters, meetings and minutes as pages."""
