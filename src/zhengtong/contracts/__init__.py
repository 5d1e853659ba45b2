"""Frozen event classes that cross systems, one file per sender."""
