"""What the world may reach: the pages that end mail, and calendars and feeds."""
