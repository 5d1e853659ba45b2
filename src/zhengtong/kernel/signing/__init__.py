"""Digital signatures behind one door: providers, software keys, and SM2 over the system's libcrypto."""
