"""Tables of the plain Wagtail site."""
