"""Scores that any unit can recompute: formula, counts, excuses, contests, re-runs."""
