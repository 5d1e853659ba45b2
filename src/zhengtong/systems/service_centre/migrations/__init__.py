"""Migrations of service centres."""
