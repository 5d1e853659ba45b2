"""Pure rules of the site group: addresses, templates, who may publish."""
