"""The same small results as from pandas, counted where the data lies: by group-by queries through Narwhals."""
