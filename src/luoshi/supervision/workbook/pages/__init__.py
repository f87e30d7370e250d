"""Pages of ledgers that leave and come back."""
