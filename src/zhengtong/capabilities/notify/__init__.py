"""Telling people: site messages and mail, each with its delivery state."""
