"""What pages read of disclosure."""
