"""The demonstration county: its facts, its people, its processes."""
