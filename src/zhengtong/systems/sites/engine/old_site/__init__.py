"""Reading old sites, whatever they come as, into neutral pages; plain Python, a page at a time."""
