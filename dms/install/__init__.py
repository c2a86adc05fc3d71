"""Sets the project up from a bare clone: system programs, virtual environment, packages, the project itself.

Runs before anything is installed, so it uses the standard library alone and imports nothing of the project; its texts
are plain Dutch, because translations are not there yet either. Nothing is asked, and a second run changes nothing.
The environment is read in one place (`tools.inherited_environment`), since the settings' own libraries may be missing.

The risk that is left: programs unpacked without an administrator get no security updates from the system;
`docs/installation.md` says how to refresh them.
"""
