"""Reading what offices hand in."""
