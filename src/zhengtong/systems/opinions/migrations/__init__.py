"""Migrations of opinions."""
