"""The command `dms`: what an administrator types, and what other programs call. See docs/commands.md."""
