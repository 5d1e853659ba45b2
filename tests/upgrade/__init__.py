"""A town populated with the previous release goes on under this one."""
