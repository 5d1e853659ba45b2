"""Tests that cross apps: promises of the whole and journeys through it."""
