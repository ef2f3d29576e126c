import pytest

from benchmarks._growth import growth


@pytest.mark.parametrize(
    ("sizes", "costs", "words"),
    [
        ([17, 34, 136], [1.0, 2.0, 8.0], "grows with exponent 1.00, 1.00"),
        ([10, 1_000], [3.0, 3.0], "grows with exponent 0.00"),
        ([10, 100], [1.0, 100.0], "grows with exponent 2.00"),
        ([10, 10, 20], [1.0, 2.0, 0.0], "grows with exponent -, -"),
        ([5_000], [1.0], ""),
    ],
)
def test_growth_is_the_exponent_between_one_size_and_the_next(
    sizes: list[float], costs: list[float], words: str
) -> None:
    assert growth(sizes, costs) == words
