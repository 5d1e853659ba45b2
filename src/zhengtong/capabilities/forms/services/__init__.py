"""Making forms, filling them in, giving files as answers."""
