"""Pages of ratings: rating itself, the desk of bad ratings, evaluators, published figures."""
