"""Promises of the whole: each test walks everything that exists, so that what comes later is held too."""
