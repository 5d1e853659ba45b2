"""Use cases of reporting upward."""
