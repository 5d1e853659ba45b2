"""Two counties in one database."""
