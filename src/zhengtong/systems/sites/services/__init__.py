"""What changes sites and pages: each change of state is one function of these modules."""
