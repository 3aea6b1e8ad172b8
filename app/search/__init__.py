"""Search across collections: what is asked, what is found, in which order, and what was meant."""
