"""Zhengtong: the e-government platform of a county or a city."""
