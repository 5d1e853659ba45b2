"""Pages of the case engine: tasks in hand, the modeller, the monitor, the calendar."""
