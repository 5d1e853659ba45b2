"""网站群: one group of sites for the county's portal, its departments, towns and institutions."""
