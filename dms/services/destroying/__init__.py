"""What destruction leaves of rows, for whoever destroys or follows the ledger of what was destroyed."""
