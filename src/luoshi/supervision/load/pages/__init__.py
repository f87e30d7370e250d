"""Pages of the load meter, of requests, of steps of pressing and of checks."""
