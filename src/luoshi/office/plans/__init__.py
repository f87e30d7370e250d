"""Plans, documents, clauses, tasks, stages, and the values in force on a day."""
