"""Pages of forms: mine, one form, who has sent what, and the papers."""
