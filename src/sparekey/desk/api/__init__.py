"""The desk for other programs: a help desk's own system opens and follows cases here (docs/guide/desk-api.md)."""
