"""Tests of the site group."""
