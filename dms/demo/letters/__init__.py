"""Papers as schools, doctors, agencies and parents write them, each with the truth about it."""
