"""Tests of the cases capability."""
