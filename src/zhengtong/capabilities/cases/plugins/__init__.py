"""What the case engine brings to lower apps: taking part as a grant, open work to hand over."""
