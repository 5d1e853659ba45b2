"""A town at work, struck by faults from a seed; afterwards what was acknowledged is counted: ``make faults``."""
