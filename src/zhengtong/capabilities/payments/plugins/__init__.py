"""Gateways that come with the platform, and the words of its messages."""
