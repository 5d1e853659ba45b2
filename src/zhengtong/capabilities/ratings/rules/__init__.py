"""Rules of ratings: grades, the follow-up of a bad one, figures, links and signatures; plain Python."""
