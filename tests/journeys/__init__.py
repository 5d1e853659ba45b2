"""End to end, in a real browser, against real processes."""
