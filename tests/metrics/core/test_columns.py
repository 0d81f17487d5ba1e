import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportops.metrics.core.columns import narrow, pack, unpack


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([], "uint8"),
        ([0, 255], "uint8"),
        ([256], "uint16"),
        ([65_536], "uint32"),
        ([2**32], "int64"),
        ([-1, 3], "int64"),
        ([True, False], "bool"),
        ([0.5], "float64"),
    ],
)
def test_narrow_takes_the_smallest_exact_type(values, dtype):
    assert narrow(values).dtype == dtype


@given(
    st.lists(st.integers(-(2**62), 2**62), max_size=30),
    st.sampled_from([np.int64, np.float64, bool]),
)
def test_unpack_gives_back_what_was_packed(values, dtype):
    columns = {"a": np.array(values, dtype=dtype), "b": np.arange(len(values))}

    read = unpack(pack(columns))

    assert list(read) == ["a", "b"]
    np.testing.assert_array_equal(read["a"], columns["a"])
    np.testing.assert_array_equal(read["b"], columns["b"])


def test_pack_writes_the_same_bytes_for_the_same_columns():
    wide = {"a": np.array([1, 2], dtype=np.int64)}
    narrow_already = {"a": np.array([1, 2], dtype=np.uint8)}

    assert pack(wide) == pack(narrow_already)


def test_pack_refuses_columns_of_different_length():
    with pytest.raises(ValueError, match="columns differ in length"):
        pack({"a": np.array([1]), "b": np.array([1, 2])})


@pytest.mark.parametrize("payload", [b"", b"PK\x03\x04 something else"])
def test_unpack_refuses_foreign_bytes(payload):
    with pytest.raises(ValueError, match="no segment"):
        unpack(payload)
