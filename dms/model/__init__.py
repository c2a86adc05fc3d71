"""The words of the house as plain frozen data and enums. No I/O, no decisions."""
