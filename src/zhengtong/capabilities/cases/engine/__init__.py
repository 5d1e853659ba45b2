"""The pure case engine: BPMN drawing → graph → marking → effects; no Django, no I/O, no clock, no randomness."""
