"""What the running processes say of themselves: beats, requests, statements, figures for monitoring."""
