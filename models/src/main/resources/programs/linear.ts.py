# The one product of the network, and the way back through it. Axes: tokens, in, out, rank.
#
# What a weight is (models.network.Weight) shows in the arrays that lie in its place, its *span*, one behind the other from `at` on, and in
# `kind`, a constant of the place that is compiled in, so that a plain matrix costs what it did when there was nothing else:
#   + 1  a bias [out] follows the matrix
#   + 2  the matrix is quantised: codes of 8 bits [out, in], and behind them their scales [out], one a row
#   + 32 the matrix is quantised: codes of 4 bits, two in each [out, in / 2], and behind them step and middle of each group, [in / group, out, 2]
#   + 64 the matrix is quantised to NF4: codes of 4 bits, two in each [out, in / 2], and behind them those of the scales [blocks], their mean and most
#        [1 + blocks / 256] and what codes mean [256, 3]
#   + 4  low-rank factors end the span: a [rank, in], b [out, rank], their scale []. Where this one of several weights has none, the rank is 0. Where some
#        of what they read is left out, the scale is [4], float64: it, how many of 65536 parts are left out, and the key of what is drawn, in two halves of
#        32 bits
#   + 128 behind the factors stands the length of each row of the sum, [out] (DoRA). Where the matrix lies as a kernel wants it, and cannot be added to, it
#        is what each row is multiplied with instead
#   + 8  the matrix lies as [in, out]
#   + 16 the matrix lies as a kernel of the processor wants it, and no gradient passes through it: plain numbers in blocks (packed.ts.py); 8 bits as
#        ever; 4 bits in blocks of 64 rows
#
# The product is of the type of what is multiplied; weights of another are rounded to it.

# As the numbers of x.
def as_typed(self, weight: Tensor, x: Tensor) -> Tensor:
  return torch.to(weight, ops.prim.dtype(x))

# codes of 4 bits [out, in / 2] -> the matrix [out, in], float32: (code - 8) step + middle
def widened4(self, codes: Tensor, scales: Tensor) -> Tensor:
  return self.placed4(torch.stack([torch.bitwise_and(codes, 15), torch.bitwise_right_shift(codes, 4)], 2), scales) # of [out, in / 2, 2]

def placed4(self, codes: Tensor, scales: Tensor) -> Tensor:
  groups = torch.to(codes, 6).reshape([scales.size(1), scales.size(0), -1]) # [out, in / group, group]
  steps = torch.to(scales, 6).transpose(0, 1) # [out, in / group, 2]
  return ((groups - 8.) * steps.select(2, 0).unsqueeze(2) + steps.select(2, 1).unsqueeze(2)).reshape([scales.size(1), -1])

# The same of blocks of 64 rows, [out, in / 2]: for each column of a block 32 pairs, of which the low halves are its first rows.
def unblocked4(self, codes: Tensor, scales: Tensor) -> Tensor:
  blocks = codes.view([codes.size(0) // 64, -1, 32]) # [out / 64, in, 32]
  rows = torch.cat([torch.bitwise_and(blocks, 15), torch.bitwise_right_shift(blocks, 4)], 2).transpose(1, 2) # [out / 64, 64, in]
  return self.placed4(rows.contiguous(), scales)

# NF4: codes [out, in / 2] -> the matrix [out, in], float32, by blocks of 64 numbers: level of the code times the block's scale. A pair of levels is read
# at once, as a complex number.
def widened_normal(self, w: List[Tensor], at: int) -> Tensor:
  book = w[at + 3]
  levels = torch.view_as_complex(torch.slice(book, 1, 0, 2).contiguous()) # [256]
  pairs = torch.view_as_real(torch.index_select(levels, 0, torch.to(w[at].reshape([-1]), 3))) # [out * in / 2, 2]
  shares = torch.index_select(torch.select(book, 1, 2).contiguous(), 0, torch.to(w[at + 1], 3)) # [blocks]
  most = torch.slice(w[at + 2], 0, 1).repeat_interleave(256) # [blocks, rounded up]
  largest = shares * torch.slice(most, 0, 0, shares.size(0)) + torch.select(w[at + 2], 0, 0)
  return (pairs.reshape([-1, 64]) * largest.unsqueeze(1)).reshape([w[at].size(0), -1]) # [out, in]

# The matrix of a quantised place, [out, in], float32.
def wide(self, w: List[Tensor], at: int, kind: int) -> Tensor:
  if kind & 2 != 0:
    y = torch.to(w[at], 6) * w[at + 1].unsqueeze(1)
  elif kind & 64 != 0:
    y = self.widened_normal(w, at)
  elif kind & 16 != 0:
    y = self.unblocked4(w[at], w[at + 1])
  else:
    y = self.widened4(w[at], w[at + 1])
  return y

# The same as numbers of x.
def widened(self, x: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  return self.as_typed(self.wide(w, at, kind), x)

# The length of each row of the matrix of a place and of what is added to it, [out], float32. No gradient passes through it.
def lengths(self, w: List[Tensor], at: int, kind: int, added: Optional[Tensor]) -> Tensor:
  if kind & 98 != 0:
    matrix = self.wide(w, at, kind)
  else:
    matrix = torch.to(torch.detach(w[at]), 6)
    if kind & 8 != 0:
      matrix = matrix.t()
  if added is not None:
    matrix = matrix + torch.detach(added)
  return torch.sqrt(torch.sum(torch.square(matrix), [1]))

# The same where nothing is added.
def plain_lengths(self, w: List[Tensor], kind: int) -> Tensor:
  return self.lengths(w, 0, kind, None)

# What each row of W + scale b a is multiplied with so that it is as long as is wanted: magnitude / length, [out]. The length counts as a constant (DoRA,
# arXiv:2402.09353, section 4.3).
def stretch(self, w: List[Tensor], at: int, kind: int, behind: int) -> Tensor:
  if kind & 16 != 0:
    y = w[behind + 3]
  else:
    added = torch.mm(torch.to(w[behind + 1], 6), torch.to(w[behind], 6)) * self.scale_of(w, behind) # [out, in]
    y = w[behind + 3] / torch.clamp_min(self.lengths(w, at, kind, added), 1e-38)
  return y

# x @ matrix^T of a quantised place: [.., in] -> [.., out]. The kernels are for few rows; they multiply in bfloat16 and add up in float32. A matrix of
# 8 bits is scaled behind the product, where there are fewer numbers; its scales are float32, whatever is multiplied.
def quantised_product(self, x: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  few = kind & 16 != 0
  if few:
    few = torch.numel(x) // x.size(-1) <= 64
  shape = x.size()
  if few:
    rows = torch.to(x, 15).reshape([-1, x.size(-1)]).contiguous()
    shape[-1] = w[at].size(0)
    if kind & 2 != 0:
      y = torch._weight_int8pack_mm(rows, w[at], torch.ones_like(w[at + 1], dtype=15)).view(shape) * w[at + 1]
    else:
      y = torch._weight_int4pack_mm_for_cpu(rows, w[at], x.size(-1) // w[at + 1].size(0), w[at + 1]).view(shape)
  elif kind & 2 != 0:
    y = torch.linear(x, self.as_typed(w[at], x)) * w[at + 1]
  else:
    y = torch.linear(x, self.widened(x, w, at, kind))
  return self.as_typed(y, x)

# Where `like` lies: what crosses the border between two devices that hold a model together. Nothing where both are one.
def beside(self, x: Tensor, like: Tensor) -> Tensor:
  return torch.to(x, like.device, ops.prim.dtype(x), False, False)

def all_beside(self, arrays: List[Tensor], like: Tensor) -> List[Tensor]:
  y = annotate(List[Tensor], [])
  for x in arrays:
    torch.append(y, self.beside(x, like))
  return y

# Of how many arrays the matrix of a place is.
def arrays_of(self, kind: int) -> int:
  return 1 + (kind & 2) // 2 + (kind & 32) // 32 + 3 * ((kind & 64) // 64)

# x @ matrix^T + bias: [.., in] -> [.., out]
def product(self, x: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  if kind & 98 != 0:
    y = self.quantised_product(x, w, at, kind)
    if kind & 1 != 0:
      y = y + self.as_typed(w[at + self.arrays_of(kind)], x)
  elif kind & 16 != 0:
    if kind & 1 != 0:
      y = self.packed_product_and_bias(x, w[at], self.as_typed(w[at + 1], x))
    else:
      y = self.packed_product(x, w[at])
  else:
    matrix = self.as_typed(w[at], x)
    if kind & 8 != 0:
      matrix = matrix.t()
    if kind & 1 != 0:
      y = torch.linear(x, matrix, self.as_typed(w[at + 1], x))
    else:
      y = torch.linear(x, matrix)
  return y

# scale (x @ a^T) @ b^T: [.., in] -> [.., out]
def low_rank(self, x: Tensor, w: List[Tensor], behind: int) -> Tensor:
  low = torch.linear(x, self.as_typed(w[behind], x)) * self.as_typed(self.scale_of(w, behind), x) # [.., rank]
  return torch.linear(low, self.as_typed(w[behind + 1], x))

# What the product of the factors is multiplied with, [].
def scale_of(self, w: List[Tensor], behind: int) -> Tensor:
  scale = w[behind + 2]
  if scale.dim() > 0:
    scale = torch.to(scale.select(0, 0), 6)
  return scale

# What the factors read of x: all of it, or some numbers zero at random and the others larger by as much (dropout), the same wherever the key is.
def read_of(self, x: Tensor, w: List[Tensor], behind: int) -> Tensor:
  y = x
  if w[behind + 2].dim() > 0:
    said = torch.to(torch.slice(w[behind + 2], 0, 1), 4) # [3]
    key = torch.bitwise_or(torch.bitwise_left_shift(said.select(0, 1), 32), said.select(0, 2))
    kept = torch.ge(self.random_shorts(0, torch.numel(x), key), said.select(0, 0)).view(x.size())
    larger = torch.reciprocal(torch.to(65536 - said.select(0, 0), 6)) * 65536.
    y = torch.where(kept, x, torch.zeros([], dtype=x.dtype, device=x.device)) * self.as_typed(larger, x)
  return y

# x @ matrix^T + scale (x @ a^T) @ b^T, each column as long as is wanted, + bias: [.., in] -> [.., out]
def linear(self, x: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  behind = at + self.arrays_of(kind) + (kind & 1)
  adapted = kind & 4 != 0
  if adapted:
    adapted = w[behind].size(0) > 0
  if adapted:
    if kind & 128 != 0:
      stretch = self.as_typed(self.stretch(w, at, kind, behind), x)
      plain = self.product(x, w, at, kind - (kind & 1))
      if w[behind + 2].dim() > 0: # as in PEFT what is left out is so of the stretched product of the matrix too
        read = self.read_of(x, w, behind)
        y = plain + self.product(read, w, at, kind - (kind & 1)) * (stretch - 1.) + self.low_rank(read, w, behind) * stretch
      else:
        y = (plain + self.low_rank(x, w, behind)) * stretch
      if kind & 1 != 0:
        y = y + self.as_typed(w[behind - 1], x)
    else:
      y = self.product(x, w, at, kind) + self.low_rank(self.read_of(x, w, behind), w, behind)
  else:
    y = self.product(x, w, at, kind)
  return y

# Rows of a table, and of what is added to it, scale a^T b^T with a [rank, rows], b [in, rank]: ids [..] -> [.., in]
def looked_up(self, ids: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  if kind & 2 != 0:
    y = torch.to(torch.embedding(w[at], ids), ops.prim.dtype(w[at + 1])) * torch.index_select(w[at + 1], 0, ids.reshape([-1])).view(ids.size()).unsqueeze(-1)
  else:
    y = torch.embedding(w[at], ids)
  if kind & 4 != 0:
    behind = at + self.arrays_of(kind)
    low = torch.embedding(w[behind].t(), ids) * w[behind + 2] # [.., rank]
    y = y + self.as_typed(torch.linear(low, w[behind + 1]), y)
  return y

# gradient += slope^T x. A gradient is float32 whatever is multiplied.
def add_gradient(self, gradient: Tensor, slope: Tensor, x: Tensor) -> Tensor:
  if ops.prim.dtype(gradient) == ops.prim.dtype(x):
    y = torch.addmm_(gradient, torch.t(slope), x)
  else:
    y = torch.add_(gradient, torch.mm(torch.t(slope), x))
  return y

# The way back through `linear`: the gradient in x [tokens, in], from `slope` [tokens, out], that in what it gave, both of x's type. What is
# lost through the weight is added into `gradients` in place: that of the matrix, or, where there are factors, of a, of b and of lengths. An empty list asks
# for none.
def linear_back(self, slope: Tensor, x: Tensor, w: List[Tensor], at: int, kind: int, gradients: List[Tensor]) -> Tensor:
  behind = at + self.arrays_of(kind) + (kind & 1)
  if kind & 4 == 0:
    if len(gradients) > 0:
      self.add_gradient(gradients[0], slope, x)
  if kind & 128 != 0:
    stretch = self.stretch(w, at, kind, behind)
    if len(gradients) > 0:
      plain = self.product(x, w, at, kind - (kind & 1)) + self.low_rank(x, w, behind) # [tokens, out]
      torch.add_(gradients[2], torch.sum(torch.to(slope, 6) * torch.to(plain, 6), [0]) * (stretch / w[behind + 3]))
    slope = slope * self.as_typed(stretch, x)
  if kind & 2 != 0:
    y = torch.mm(self.as_typed(slope * w[at + 1], x), self.as_typed(w[at], x))
  elif kind & 96 != 0:
    y = torch.mm(slope, self.widened(x, w, at, kind))
  else:
    matrix = self.as_typed(w[at], x)
    if kind & 8 != 0:
      matrix = matrix.t()
    y = torch.mm(slope, matrix)
  if kind & 4 != 0:
    if w[behind].size(0) > 0:
      a = self.as_typed(w[behind], x)
      scale = self.as_typed(w[behind + 2], x)
      low = torch.mm(slope, self.as_typed(w[behind + 1], x)) * scale # [tokens, rank]
      if len(gradients) > 0:
        self.add_gradient(gradients[0], low, x)
        self.add_gradient(gradients[1], slope, torch.linear(x, a) * scale)
      y = y + torch.mm(low, a)
  return y
