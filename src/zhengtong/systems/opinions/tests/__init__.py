"""Tests of opinions."""
