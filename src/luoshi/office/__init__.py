"""What every subject uses: the one door, people, plans, duties, journal, evidence, notices, papers."""
