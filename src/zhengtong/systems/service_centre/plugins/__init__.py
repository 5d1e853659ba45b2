"""What service centres give to capabilities: their tickets can be rated."""
