"""What starts, watches and stops the platform on one machine: database, secrets, ports, processes."""
