"""Requests of data subjects (AVG 15-20): registering, gathering everything about a person, answering, releasing."""
