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
texts = pandas.read_csv(f"{folder}/inbound.csv", dtype=str)
for index, column in enumerate(columns):
    # The matrix is exact; CSV and JSON Lines are rounded to what is measured: the column's digits.
    digits = max(len(text.partition(".")[2]) for text in texts[column].dropna())
    for rounded in (table, lines):
        numpy.testing.assert_allclose(
            rounded[column].astype("float64"), matrix[:, index].astype("float64"), rtol=1e-6,
            atol=0.501 * 10.0**-digits, equal_nan=True, err_msg=column)
print(f"numpy {numpy.__version__}, pandas {pandas.__version__}, duckdb {duckdb.__version__}: {rows} rows agree")
