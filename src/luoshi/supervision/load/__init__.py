"""What supervision asks of each unit, counted, merged and capped; checks with their limits."""
