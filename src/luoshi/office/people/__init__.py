"""Units, places, posts, accounts: who may act, for which unit and place."""
