"""Other ways to do the same work, written as well as their kind allows."""
