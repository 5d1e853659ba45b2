"""Maintenance mode and the upgrade of an installation, with the way back."""
