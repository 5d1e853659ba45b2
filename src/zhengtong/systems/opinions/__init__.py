"""民意征集: public consultations and surveys."""
