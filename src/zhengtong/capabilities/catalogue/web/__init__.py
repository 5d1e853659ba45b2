"""The public list of items and their guides."""
