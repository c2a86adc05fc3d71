"""Pure decisions about terms and disposal."""
