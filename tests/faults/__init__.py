"""The exercise with faults: its counting must be able to fail, and a short one is run."""
