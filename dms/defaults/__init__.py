"""The default categories and rights matrix that ship with the product (data only)."""
