"""What the platform costs, each time against its own limit or a peer, in the same run on the same machine."""
