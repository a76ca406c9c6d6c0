# The one product of the network, and the way back through it. Axes: tokens, in, out, rank.
#
# What a weight is (models.network.Weight) shows in the arrays that lie in its place, its *span*, one behind the other from `at` on, and in
# `kind`, a constant of the place that is compiled in, so that a plain matrix costs what it did when there was nothing else:
#   + 1  a bias [out] follows the matrix
#   + 2  the matrix is quantised: codes of 8 bits [out, in], and behind them their scales [out], one a row
#   + 4  low-rank factors end the span: a [rank, in], b [out, rank], their scale []. Where this one of several weights has none, the rank is 0
#   + 8  the matrix lies as [in, out]
#   + 16 the matrix is packed (packed.ts.py), of the type that is computed in; no gradient passes through it
#
# The product is of the type of what is multiplied; weights of another are rounded to it.

# As the numbers of x.
def as_typed(self, weight: Tensor, x: Tensor) -> Tensor:
  return torch.to(weight, ops.prim.dtype(x))

# x @ matrix^T + bias + scale (x @ a^T) @ b^T: [.., in] -> [.., out]
def linear(self, x: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  behind = at + 1 + (kind & 1) + (kind & 2) // 2
  if kind & 2 != 0:
    # Rows are scaled behind the product, where there are fewer numbers than in the matrix. Scales are float32, whatever is multiplied.
    y = self.as_typed(torch.linear(x, self.as_typed(w[at], x)) * w[at + 1], x)
    if kind & 1 != 0:
      y = y + self.as_typed(w[at + 2], x)
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
  if kind & 4 != 0:
    if w[behind].size(0) > 0:
      low = torch.linear(x, self.as_typed(w[behind], x)) * self.as_typed(w[behind + 2], x) # [.., rank]
      y = y + torch.linear(low, self.as_typed(w[behind + 1], x))
  return y

# Rows of a table: ids [..] -> [.., in]
def looked_up(self, ids: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  if kind & 2 != 0:
    y = torch.to(torch.embedding(w[at], ids), ops.prim.dtype(w[at + 1])) * torch.index_select(w[at + 1], 0, ids.reshape([-1])).view(ids.size()).unsqueeze(-1)
  else:
    y = torch.embedding(w[at], ids)
  return y

# gradient += slope^T x. A gradient is float32 whatever is multiplied.
def add_gradient(self, gradient: Tensor, slope: Tensor, x: Tensor) -> Tensor:
  if ops.prim.dtype(gradient) == ops.prim.dtype(x):
    y = torch.addmm_(gradient, torch.t(slope), x)
  else:
    y = torch.add_(gradient, torch.mm(torch.t(slope), x))
  return y

# The way back through `linear`: the gradient in x [tokens, in], from `slope` [tokens, out], that in what it gave, both of x's type. What is
# lost through the weight is added into `gradients` in place: that of the matrix, or, where there are factors, of a and of b. An empty list asks for none.
def linear_back(self, slope: Tensor, x: Tensor, w: List[Tensor], at: int, kind: int, gradients: List[Tensor]) -> Tensor:
  behind = at + 1 + (kind & 1) + (kind & 2) // 2
  if kind & 4 == 0:
    if len(gradients) > 0:
      self.add_gradient(gradients[0], slope, x)
  matrix = self.as_typed(w[at], x)
  if kind & 2 != 0:
    y = torch.mm(self.as_typed(slope * w[at + 1], x), matrix)
  else:
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
