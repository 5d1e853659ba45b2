"""What pages read of opinions."""
