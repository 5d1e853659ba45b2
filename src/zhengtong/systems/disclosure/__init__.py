"""Disclosure of government information: requests, catalogue, yearly report."""
