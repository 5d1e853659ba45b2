"""Ways to the upper platform, and the data sets of the apps below."""
