"""Tests of maintenance and upgrade."""
