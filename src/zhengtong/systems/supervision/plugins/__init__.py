"""Sources of events: one module per sender."""
