"""Leading groups, their seats, their meetings, and what was decided there."""
