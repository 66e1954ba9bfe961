"""Our own calls to a device of ours: the messages of both sides, and the asking side (spec/lan.md section 5)."""
