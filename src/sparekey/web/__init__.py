"""What every web face shares: pages, forms, guards, the look, the on-screen keyboard, QR drawing."""
