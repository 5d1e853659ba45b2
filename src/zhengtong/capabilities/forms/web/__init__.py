"""Pages of the forms: the builder, its preview, places to choose."""
