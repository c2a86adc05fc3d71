"""What signing in is made of: tries and their budgets, known devices, codes, passkeys, and who must use them.

Functions within somebody's transaction. The ways in themselves are in `dms.services.accounts`.
"""
