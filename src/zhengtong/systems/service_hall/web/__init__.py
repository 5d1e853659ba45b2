"""Pages of the hall: what applicants see, and the desk of the officials."""
