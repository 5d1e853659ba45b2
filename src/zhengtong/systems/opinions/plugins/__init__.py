"""What opinions answers to other apps."""
