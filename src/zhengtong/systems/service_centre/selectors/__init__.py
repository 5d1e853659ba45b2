"""Reads of service centres."""
