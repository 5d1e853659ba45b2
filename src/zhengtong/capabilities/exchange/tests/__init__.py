"""Tests of reporting upward."""
