"""Electronic forms: one declaration that renders, checks and prints."""
