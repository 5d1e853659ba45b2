"""One consistent, encrypted set of everything an installation keeps, its restoration, and the drill that proves it."""
