"""A school leaves with everything: a complete, documented export as files, and the way back into an empty house."""
