"""OFD (GB/T 33190): the typeset PDF read as drawing objects and written again as an OFD package; plain Python."""
