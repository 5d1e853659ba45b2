"""Short messages over CMPP, in plain Python: codec, client, simulated gateway."""
