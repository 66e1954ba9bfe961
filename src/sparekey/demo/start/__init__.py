"""The page that tells the story of the demo, step by step."""
