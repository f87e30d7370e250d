"""留痕: the append-only record of every action, its seals, and their verification."""
