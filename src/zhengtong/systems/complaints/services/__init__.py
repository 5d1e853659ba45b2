"""What people and the platform do to a complaint: each change of state is one function of these modules."""
