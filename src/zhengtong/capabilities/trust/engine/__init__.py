"""Plain parts of trust: certificates as ASN.1, the picture of a seal."""
