"""Template tags and filters of the component set; pages load them with ``{% load ui %}``."""
