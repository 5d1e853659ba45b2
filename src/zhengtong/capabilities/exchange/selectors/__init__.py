"""Reading how the county reports upward."""
