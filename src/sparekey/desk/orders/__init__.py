"""The technician's unlock: the shop's pages, payments, and each order from the first mail to the way back."""
