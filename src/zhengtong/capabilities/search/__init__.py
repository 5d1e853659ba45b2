"""统一检索: one index for everything that may be found, filtered by who asks."""
