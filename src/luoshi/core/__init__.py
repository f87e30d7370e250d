"""Pure words all subjects share: no framework, no file, no socket, no clock, no randomness of its own."""
