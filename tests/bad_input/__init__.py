"""What the world throws at the platform: hostile files, impossible values, stale forms, made-up addresses."""
