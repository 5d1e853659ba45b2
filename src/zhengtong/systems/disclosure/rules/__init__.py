"""Pure rules of disclosure: receipt, acts, outcomes, fees, figures."""
