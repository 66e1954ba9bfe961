"""The desk's pages: what to do, one request, and what happens next."""
