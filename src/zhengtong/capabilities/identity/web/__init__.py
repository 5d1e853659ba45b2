"""Pages of identity: sign-in, registration, second factor, choice of identity, account."""
