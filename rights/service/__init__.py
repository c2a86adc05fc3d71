"""The gate: facts about actors, and the questions that services ask."""
