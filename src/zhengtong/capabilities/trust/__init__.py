"""安全认证: certificates, keys, electronic seals, signatures."""
