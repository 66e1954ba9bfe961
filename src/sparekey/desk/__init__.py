"""The desk: opens sealed requests and mails codes to the addresses inside them."""
