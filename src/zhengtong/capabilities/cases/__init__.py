"""办件与流程: the case engine and the legal clock; knows no item and no document type."""
