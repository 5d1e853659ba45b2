"""What is done with consultations and surveys, one function for each act."""
