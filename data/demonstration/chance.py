"""Chance with a fixed seed: a draw is named by words, and the same words draw the same for ever.

Draws know nothing of each other, so a part of the history that changes leaves the others as they are. They rest on
SHA-256 alone, which no version of Python draws otherwise.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

SEED = "sp-2022-2025 demonstration"

T = TypeVar("T")


def fraction(*words: object) -> float:
    """Return a number from 0 up to, not including, 1."""
    return int.from_bytes(_digest(words)[:6], "big") / 2**48


def whole(least: int, most: int, *words: object) -> int:
    """Return a whole number from `least` to `most`, both included."""
    return least + int(fraction(*words) * (most - least + 1))


def pick(options: Sequence[T], *words: object) -> T:
    """Return one of the options."""
    return options[whole(0, len(options) - 1, *words)]


def shuffled(options: Iterable[T], *words: object) -> list[T]:
    """Return the options in an order of chance: its first few are a sample."""
    return sorted(options, key=lambda option: fraction(*words, option))


def pseudonym(prefix: str, *words: object) -> str:
    """Return an id that tells nothing of whom it stands for."""
    return f"{prefix}-{_digest(words)[-4:].hex()}"


def _digest(words: Iterable[object]) -> bytes:
    return sha256("/".join(map(str, (SEED, *words))).encode()).digest()
