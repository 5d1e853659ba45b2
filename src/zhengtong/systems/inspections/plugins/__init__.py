"""What inspections take from events of others."""
