"""What is let out of the explorer: a figure for print, the picture as a page of its own, and what they say of a run."""
