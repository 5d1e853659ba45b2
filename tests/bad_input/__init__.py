"""What the world throws at the platform: hostile files, impossible values, stale forms, addresses made up by machines."""
