"""Pure decisions about rights."""
