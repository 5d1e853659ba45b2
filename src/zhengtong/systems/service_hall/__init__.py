"""Online approvals: from application to licence, for the citizen, the clerk and the leader."""
