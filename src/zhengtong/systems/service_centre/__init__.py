"""Service centres: places, windows, duty, appointments, queues."""
