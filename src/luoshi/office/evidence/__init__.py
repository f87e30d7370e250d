"""材料: files kept under their own digest, what checks found about them, and what they are attached to."""
