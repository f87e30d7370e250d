"""Commands that belong to no single subject; each module adds its own to ``luoshi …``."""
