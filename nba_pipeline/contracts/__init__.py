"""Table contracts: the one declaration of every table, and what is rendered from it."""
