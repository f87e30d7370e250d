"""What the public reads: stable addresses, search, Akoma Ntoso, feed, requests for information, readings."""
