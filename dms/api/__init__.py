"""The programs' entry: REST under /api/v1, the signs of life, and the JSON shapes that the command shows too."""
