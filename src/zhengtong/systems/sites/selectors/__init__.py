"""What is read of the site group: for the public, for who keeps a site, for search."""
