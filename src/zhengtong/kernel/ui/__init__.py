"""The one set of page parts: base templates, components, tokens, formats. Texts come from callers or settings."""
