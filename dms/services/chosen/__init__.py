"""What boards and schools choose for themselves: what can be chosen, and what holds somewhere."""
