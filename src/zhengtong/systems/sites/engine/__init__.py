"""The shelf of published pages, in plain Python: the web server asks it before anything else is loaded."""
