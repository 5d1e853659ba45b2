"""Tests of the component set."""
