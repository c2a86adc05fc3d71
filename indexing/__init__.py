"""Full-text search: the port, the query language and one module per engine."""
