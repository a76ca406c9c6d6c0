# The one product of the network, and the way back through it. Axes: tokens, in, out, rank.
#
# What a weight is (models.network.Weight) shows in the arrays that lie in its place, its *span*, one behind the other from `at` on, and in
# `kind`, a constant of the place that is compiled in, so that a plain matrix costs what it did when there was nothing else:
#   + 1  a bias [out] follows the matrix
#   + 2  the matrix is quantised: codes of 8 bits [out, in], and behind them their scales [out], one a row
#   + 4  low-rank factors end the span: a [rank, in], b [out, rank], their scale []. Where this one of several weights has none, the rank is 0
#   + 8  the matrix lies as [in, out]

# x @ matrix^T + bias + scale (x @ a^T) @ b^T: [.., in] -> [.., out]
def linear(self, x: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  behind = at + 1 + (kind & 1) + (kind & 2) // 2
  if kind & 2 != 0:
    # Rows are scaled behind the product, where there are fewer numbers than in the matrix.
    y = torch.linear(x, torch.to(w[at], ops.prim.dtype(x))) * w[at + 1]
    if kind & 1 != 0:
      y = y + w[at + 2]
  else:
    matrix = w[at]
    if kind & 8 != 0:
      matrix = matrix.t()
    if kind & 1 != 0:
      y = torch.linear(x, matrix, w[at + 1])
    else:
      y = torch.linear(x, matrix)
  if kind & 4 != 0:
    if w[behind].size(0) > 0:
      y = y + torch.linear(torch.linear(x, w[behind]) * w[behind + 2], w[behind + 1])
  return y

# Rows of a table: ids [..] -> [.., in]
def looked_up(self, ids: Tensor, w: List[Tensor], at: int, kind: int) -> Tensor:
  if kind & 2 != 0:
    y = torch.to(torch.embedding(w[at], ids), ops.prim.dtype(w[at + 1])) * torch.index_select(w[at + 1], 0, ids.reshape([-1])).view(ids.size()).unsqueeze(-1)
  else:
    y = torch.embedding(w[at], ids)
  return y

# The way back through `linear`: the gradient in x [tokens, in], from `slope` [tokens, out], that in what it gave. What is lost through the weight
# is added into `gradients` in place: that of the matrix, or, where there are factors, of a and of b. An empty list asks for none.
def linear_back(self, slope: Tensor, x: Tensor, w: List[Tensor], at: int, kind: int, gradients: List[Tensor]) -> Tensor:
  behind = at + 1 + (kind & 1) + (kind & 2) // 2
  if kind & 4 == 0:
    if len(gradients) > 0:
      torch.addmm_(gradients[0], torch.t(slope), x)
  matrix = w[at]
  if kind & 2 != 0:
    y = torch.mm(slope * w[at + 1], torch.to(matrix, ops.prim.dtype(x)))
  else:
    if kind & 8 != 0:
      matrix = matrix.t()
    y = torch.mm(slope, matrix)
  if kind & 4 != 0:
    if w[behind].size(0) > 0:
      low = torch.mm(slope, w[behind + 1]) * w[behind + 2] # [tokens, rank]
      if len(gradients) > 0:
        torch.addmm_(gradients[0], torch.t(low), x)
        torch.addmm_(gradients[1], torch.t(slope), torch.linear(x, w[behind]) * w[behind + 2])
      y = y + torch.mm(low, w[behind])
  return y
