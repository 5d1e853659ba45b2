"""Settings by environment; every variable is declared once in ``environment``."""
