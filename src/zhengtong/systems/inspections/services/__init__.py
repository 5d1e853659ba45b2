"""Changing inspections: one function per change of state."""
