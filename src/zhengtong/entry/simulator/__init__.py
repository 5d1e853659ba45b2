"""The demonstration county's life: applicants and officials who act through the real services in simulated time."""
