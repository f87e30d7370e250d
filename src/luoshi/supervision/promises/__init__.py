"""What the public was promised, and the clues that citizens give."""
