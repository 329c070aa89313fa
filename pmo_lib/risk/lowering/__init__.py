"""What was stated, as the arrays that the engine reads: variables with their copula, effects of risks and branches, and how far they can reach."""
