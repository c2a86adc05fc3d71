"""Pure decisions of recognition: what is it, whose is it, when was it, where does it go."""
