"""What may be read of cases, by whom: every query of cases is scoped by the actor."""
