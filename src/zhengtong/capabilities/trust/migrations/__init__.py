"""Migrations of trust."""
