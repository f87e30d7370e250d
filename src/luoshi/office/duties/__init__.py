"""待办: one thing due from one unit by one time; opening, moving, closing, the inbox and the tick."""
