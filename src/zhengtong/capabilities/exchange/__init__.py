"""Resource catalogue and data exchange; its first part: reporting upward."""
