"""Ground floor: what every app stands on; no government words."""
