"""The processes behind the screens: supervisor, web server, workers, and what keeps index and log up to date."""
