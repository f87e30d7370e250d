"""Pages of supervision: inbox, duty, task, ledger, unit, and the forms of the acts."""
