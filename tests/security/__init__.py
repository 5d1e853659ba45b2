"""Security rules that belong to no single app: answers, logs, configuration, connections, the source itself."""
