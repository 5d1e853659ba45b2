"""Writes of ratings: giving one, following a bad one up, evaluators, replies by short message."""
