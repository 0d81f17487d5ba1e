"""What things cost: calculations with every input, its source and every line."""
