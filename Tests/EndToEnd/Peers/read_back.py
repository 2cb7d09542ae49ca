"""Reads a folder of results by numpy, pandas and DuckDB, and holds the three formats of rows against each other."""

import sys

import duckdb
import numpy
import pandas

folder = sys.argv[1]
columns = open(f"{folder}/inbound.columns.txt").read().split()
matrix = numpy.load(f"{folder}/inbound.npy")
table = pandas.read_csv(f"{folder}/inbound.csv")
lines = pandas.read_json(f"{folder}/inbound.jsonl", lines=True)
rows, mean = duckdb.sql(f"select count(*), avg(level_dbfs) from '{folder}/inbound.csv'").fetchone()

assert list(table.columns) == ["start", "end"] + columns, table.columns
assert list(lines.columns) == list(table.columns), lines.columns
assert matrix.dtype == numpy.float32 and matrix.shape == (len(table), len(columns)), matrix.shape
assert rows == len(table) == len(lines) > 1000, rows
assert abs(mean - table["level_dbfs"].mean()) < 1e-6, mean
for index, column in enumerate(columns):
    # CSV is rounded to the column's digits, the others are not.
    numpy.testing.assert_allclose(matrix[:, index], lines[column].astype("float32"), rtol=1e-6, equal_nan=True)
    scale = max(1.0, float(numpy.nanmax(numpy.abs(matrix[:, index]))))
    numpy.testing.assert_allclose(
        table[column].astype("float32"), matrix[:, index], rtol=1e-4, atol=scale * 1e-2, equal_nan=True)
print(f"numpy {numpy.__version__}, pandas {pandas.__version__}, duckdb {duckdb.__version__}: {rows} rows agree")
