"""The cases of the desk: what people ask support for, who decided, and what may leave (spec/support.md)."""
