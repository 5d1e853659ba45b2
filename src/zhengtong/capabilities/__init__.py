"""What more than one system needs, in a fixed order."""
