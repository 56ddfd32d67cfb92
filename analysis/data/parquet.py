"""Parquet files as far as they can be trusted: columns of the right types, not too many rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TEXTS = {"strategy", "start", "county", "village", "town"}
"""Columns of names; all others are numbers."""
FEW_ROWS = 1_000_000
MOST_VALUES = 1_000_000_000
"""Values of one row group: what is in memory at once."""


def check_file(path: Path) -> None:
    """Names are text and all else numbers; not so many rows that they can't be ours: some bytes hold billions of zeros.

    Raises:
        ValueError: names the columns of a wrong type, or tells too many rows.
    """
    file = pq.ParquetFile(path)
    types = {field.name: field.type for field in file.schema_arrow}
    wrong = [name for name, kind in types.items() if not (is_text if name in TEXTS else is_number)(kind)]
    if wrong:
        listed = ", ".join(wrong)
        raise ValueError(f"{path}: 列的类型不对 {listed} / columns of a wrong type: {listed}")
    rows, columns = file.metadata.num_rows, file.metadata.num_columns
    largest = max((file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)), default=0)
    if rows > FEW_ROWS and (rows > path.stat().st_size or largest * columns > MOST_VALUES):
        raise ValueError(f"{path}: 行数过多 / too many rows: {rows}")


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text, as it is or by number."""
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(plain) or pa.types.is_large_string(plain)


def is_number(kind: pa.DataType) -> bool:
    """Whether a column holds numbers."""
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)


def read_numbers(path: Path) -> pa.Table:
    """A table of numbers alone; what other programs have noted in the file does not count.

    Raises:
        ValueError: a column holds something else.
    """
    check_file(path)
    return pq.read_table(path).replace_schema_metadata()


def only_value(file: pq.ParquetFile, number: int, name: str) -> str | None:
    """The value of a text column in a row group that holds but one, as its statistics say; None where they do not."""
    place = file.metadata.schema.names.index(name)
    statistics = file.metadata.row_group(number).column(place).statistics
    if statistics is None or not statistics.has_min_max or statistics.min != statistics.max:
        return None
    return str(statistics.min)
