"""What a plan names and an office opens; none imports another."""
