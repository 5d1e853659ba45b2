"""Pages of service centres."""
