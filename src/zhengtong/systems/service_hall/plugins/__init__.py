"""What the hall brings to the extension points of capabilities."""
