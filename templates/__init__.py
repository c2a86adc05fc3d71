"""The HTML of the staff application: layout, shared parts and a folder per desk. Ships in the wheel."""
