"""What is spoken with the world outside: HTTP, OpenID, packages of schools, what a PostgreSQL server tells of itself.

Knows nothing of schools, papers or people.
"""
