"""Electronic supervision: watches events, raises cards, keeps their life; never edits what it watches."""
