"""A plain Wagtail site as its own tutorial builds it, with a home page equal to that of a department's site."""
