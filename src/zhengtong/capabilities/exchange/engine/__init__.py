"""Packages, the judgement of rows, and the simulated upper platform, in plain Python."""
