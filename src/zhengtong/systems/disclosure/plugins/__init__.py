"""What disclosure answers to other apps."""
