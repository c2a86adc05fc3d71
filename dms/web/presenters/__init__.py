"""Turn the services' shapes into the plain texts and numbers that templates show."""
