"""People, organisations, posts, roles, accounts and sign-in."""
