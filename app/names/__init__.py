"""Names as people write them: how different spellings of one name meet, and what they find."""
