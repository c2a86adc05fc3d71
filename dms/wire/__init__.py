"""What is spoken with the world outside: HTTP, the languages of pages, OpenID, packages of schools, PostgreSQL servers.

Knows nothing of schools, papers or people.
"""
