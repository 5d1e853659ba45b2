"""What people do in the hall: one function each, one transaction each."""
