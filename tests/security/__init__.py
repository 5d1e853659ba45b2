"""The platform held against what standards of security ask for; ``docs/security.md`` says which test proves what."""
