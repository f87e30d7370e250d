"""Settings, addresses, the shell of every page, the inbox, the cockpit and the public portal."""
