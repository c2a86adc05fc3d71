"""What screens and API share of HTTP itself. Knows nothing of schools, papers or people."""
