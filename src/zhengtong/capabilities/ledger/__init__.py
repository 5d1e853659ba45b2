"""责任认定: the tamper-evident record of every act."""
