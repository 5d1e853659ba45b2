"""Template tags of the site group."""
