"""Pages of reporting upward."""
