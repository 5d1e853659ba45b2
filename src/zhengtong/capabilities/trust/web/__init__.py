"""Pages and services of trust: seals and certificates for officials, the authority's public addresses."""
