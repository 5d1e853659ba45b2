"""定期督查: inspections by plan and by draw, on the spot, with rectification and review."""
