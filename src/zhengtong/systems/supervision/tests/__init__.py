"""Tests of electronic supervision."""
