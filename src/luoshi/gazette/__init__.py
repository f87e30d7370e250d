"""公报: any government plan document becomes structure, with every word traceable."""
