# Matrices laid out for oneDNN's products: in blocks, each number where the kernel reads it next. Such a tensor can only be multiplied with. Not every
# libtorch has these operators; where they are missing, unpacked.ts.py stands in for this text.

# A matrix [out, in], or [in, out] where `flat` is true, of numbers of `type` -> the same in blocks. The layout suits any number of rows.
def pack(self, w: Tensor, flat: bool, type: int) -> Tensor:
  rows = torch.to(w, type)
  if flat:
    rows = rows.t().contiguous()
  return ops.mkldnn._reorder_linear_weight(rows, 1)

# x @ matrix^T: [.., in] -> [.., out]
def packed_product(self, x: Tensor, matrix: Tensor) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, matrix, None, "none", annotate(List[Optional[number]], []), "")

# The same with a bias [out].
def packed_product_and_bias(self, x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, matrix, bias, "none", annotate(List[Optional[number]], []), "")

# Ones [n, n] times ones in blocks, of numbers of `type` -> n everywhere, float32: whether there are such products here.
def packed_trial(self, ones: Tensor, type: int) -> Tensor:
  return torch.to(self.packed_product(torch.to(ones, type), self.pack(ones, False, type)), 6)
