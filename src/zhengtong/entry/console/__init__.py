"""The console: is the platform well, and what is stuck."""
