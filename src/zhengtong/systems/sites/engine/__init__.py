"""In plain Python, without a database: the shelf of published pages, and reading texts of office programs."""
