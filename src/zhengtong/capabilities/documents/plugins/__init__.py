"""What documents plug into lower apps."""
