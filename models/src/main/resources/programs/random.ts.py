# What is drawn anew from a key and a place alone.

# 64 random bits for each number from `first` on, [count] int64: SplitMix64 (Steele et al. 2014), whose state at a place is the key, an int64 scalar, and so
# many times its constant, so that no draw hangs on another. A shift of int64 takes the sign along; the masks take it away.
def random_bits(self, first: int, count: int, key: Tensor) -> Tensor:
  z = torch.arange(first + 1, first + count + 1, dtype=4, device=key.device) * -7046029254386353131 + key
  y = torch.bitwise_xor(z, torch.bitwise_and(torch.bitwise_right_shift(z, 30), 17179869183)) * -4658895280553007687
  x = torch.bitwise_xor(y, torch.bitwise_and(torch.bitwise_right_shift(y, 27), 137438953471)) * -7723592293110705685
  return torch.bitwise_xor(x, torch.bitwise_and(torch.bitwise_right_shift(x, 31), 8589934591))

# The same in parts of 16 bits: [count] int32, from 0 to 65535. `first` counts four of them.
def random_shorts(self, first: int, count: int, key: Tensor) -> Tensor:
  bits = torch.view_copy(self.random_bits(first, torch.floordiv(count + 3, 4), key), dtype=2) # int16
  return torch.bitwise_and(torch.to(torch.slice(bits, 0, 0, count), 3), 65535)
