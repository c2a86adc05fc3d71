"""Real servers for tests: started when a test first asks, shared by all workers of a run, gone when the run ends."""
