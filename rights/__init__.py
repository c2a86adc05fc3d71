"""Who may do what: pure rules and the gate that every service asks."""
