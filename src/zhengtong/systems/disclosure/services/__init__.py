"""What is done with requests and entries, one function for each act."""
