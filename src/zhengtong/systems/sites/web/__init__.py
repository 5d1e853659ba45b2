"""Pages of the site group: what the public reads, the desk of who keeps sites, the content management."""
