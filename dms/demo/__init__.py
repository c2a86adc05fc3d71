"""The demo school: invented people, papers of real shape, and the truth about each. Nobody in it exists."""
