"""Forms and reports drafted from facts, for a person to confirm; what is asked once is not asked again."""
