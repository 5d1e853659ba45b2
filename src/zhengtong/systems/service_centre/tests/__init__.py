"""Tests of service centres."""
