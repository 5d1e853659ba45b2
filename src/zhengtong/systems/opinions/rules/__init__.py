"""Pure rules of opinions: phases, figures of feedback, answers of surveys."""
