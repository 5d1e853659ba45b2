"""Rules of complaints in plain Python: who may get one, what may be done next, how a name is taken out of a text."""
