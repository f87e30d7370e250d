"""The pages of scoring: the list, one scoring, a unit's sheet, contests, what the public sees."""
