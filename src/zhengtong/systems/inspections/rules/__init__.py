"""Rules of inspections without Django: the draw, what may be done when, figures."""
