"""What complaints bring to lower apps."""
