"""What can be done with requests, steps of pressing, checks and the cap, one verb a function."""
