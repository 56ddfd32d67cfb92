"""What the report says, row by row, and what in the model stands for it; used by a test and a generator alone."""
