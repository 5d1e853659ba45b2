"""Tests of what the processes say of themselves."""
