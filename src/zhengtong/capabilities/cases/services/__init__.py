"""The acts of the case engine: one function each, one transaction each."""
