"""The open interface: what other systems read, described in OpenAPI."""
