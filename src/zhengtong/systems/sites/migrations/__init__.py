"""Changes of the tables of the site group, in their order."""
