# Cosines and sines of rotary positions, with the reference's own operations in its own order: in float32 another library's power differs in the
# last bit, and at position 100,000 that is visible. Where the reference writes `c / x` for a tensor x, torch computes `reciprocal(x) * c`.
# Axes: pairs (= rotated / 2).

# theta^(2i / rotated), [pairs], beside `like`
def rope_powers(self, theta: float, rotated: int, like: Tensor) -> Tensor:
  return torch.pow(theta, torch.div(torch.to(torch.arange(0, rotated, 2, dtype=4, device=like.device), 6), rotated))

def rope_plain_of(self, theta: float, rotated: int, like: Tensor) -> Tensor:
  return torch.mul(torch.reciprocal(self.rope_powers(theta, rotated, like)), 1.)

# numbers, in all of these: theta, rotated, and what else the kind needs. Each returns radians per position, [pairs], beside `like`.
def rope_plain(self, numbers: List[float], like: Tensor) -> Tensor:
  return self.rope_plain_of(numbers[0], int(numbers[1]), like)

# numbers: factor
def rope_linear(self, numbers: List[float], like: Tensor) -> Tensor:
  return torch.div(self.rope_plain_of(numbers[0], int(numbers[1]), like), numbers[2])

# numbers: factor, original; length, above original
def rope_dynamic(self, numbers: List[float], length: int, like: Tensor) -> Tensor:
  rotated = int(numbers[1])
  factor = numbers[2]
  stretch = torch.sub(torch.div(torch.mul(torch.full([], length, dtype=4, device=like.device), factor), int(numbers[3])), factor - 1.)
  theta = torch.mul(torch.pow(stretch, float(rotated) / float(rotated - 2)), numbers[0])
  powers = torch.pow(theta, torch.div(torch.to(torch.arange(0, rotated, 2, dtype=4, device=like.device), 6), rotated))
  return torch.mul(torch.reciprocal(powers), 1.)

# numbers: factor, low, high, original
def rope_llama3(self, numbers: List[float], like: Tensor) -> Tensor:
  plain = self.rope_plain_of(numbers[0], int(numbers[1]), like)
  factor = numbers[2]
  low = numbers[3]
  high = numbers[4]
  original = numbers[5]
  wave = torch.mul(torch.reciprocal(plain), 6.283185307179586)
  slow = wave > original / low
  kept = torch.where(slow, torch.div(plain, factor), plain)
  share = torch.div(torch.sub(torch.mul(torch.reciprocal(wave), original), low), high - low)
  mixed = torch.add(torch.div(torch.mul(torch.rsub(share, 1.), kept), factor), torch.mul(share, kept))
  between = torch.logical_and(torch.logical_not(wave < original / high), torch.logical_not(slow))
  return torch.where(between, mixed, kept)

# numbers: factor, and where the ramp from what stays to what is slowed down begins and ends, in pairs
def rope_yarn(self, numbers: List[float], like: Tensor) -> Tensor:
  rotated = int(numbers[1])
  low = numbers[3]
  powers = self.rope_powers(numbers[0], rotated, like)
  stays = torch.mul(torch.reciprocal(powers), 1.)
  slowed = torch.mul(torch.reciprocal(torch.mul(powers, numbers[2])), 1.)
  ramp = torch.clamp(torch.div(torch.sub(torch.arange(rotated // 2, dtype=6, device=like.device), low), numbers[4] - low), 0, 1)
  share = torch.rsub(ramp, 1.)
  return torch.add(torch.mul(slowed, torch.rsub(share, 1.)), torch.mul(stays, share))

# numbers: a factor for each pair
def rope_longrope(self, numbers: List[float], like: Tensor) -> Tensor:
  powers = self.rope_powers(numbers[0], int(numbers[1]), like)
  return torch.mul(torch.reciprocal(torch.mul(torch.tensor(numbers[2:], dtype=6, device=like.device), powers)), 1.)

# frequencies [kinds, pairs]; kinds and places, int64, [n]: which of them holds at which place. Returns cosines and sines, each
# [n, rotated], both halves alike.
def rope_turned(self, frequencies: Tensor, kinds: Tensor, places: Tensor, magnitude: float) -> List[Tensor]:
  half = torch.mul(torch.index_select(frequencies, 0, kinds), torch.to(places, 6).unsqueeze(1))
  angles = torch.cat([half, half], -1)
  return [torch.mul(torch.cos(angles), magnitude), torch.mul(torch.sin(angles), magnitude)]
