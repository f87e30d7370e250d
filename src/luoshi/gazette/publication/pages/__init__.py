"""Pages of the publication: no account, no script needed."""
