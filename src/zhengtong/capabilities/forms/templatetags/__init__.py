"""Template tags that put the questions of a declared form on a page."""
