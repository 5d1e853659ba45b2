"""Tests of electronic licences and documents."""
