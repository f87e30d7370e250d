"""督查督办: assignments, reports, reviews, escalation, over all plans."""
