"""What crosses a boundary, as bytes and as text: one file per kind (spec/requests.md, spec/files.md)."""
