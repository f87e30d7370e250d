"""The editor's desk in the browser."""
