"""What the public opens of the promises and clues, and the desks of the officers."""
