"""People at the desk: their passkeys, roles and sessions, and what their touch approves (spec/support.md section 8)."""
