# In the place of packed.ts.py where nothing is packed.

def packed_product(self, x: Tensor, matrix: Tensor) -> Tensor:
  return torch.linear(x, matrix)

def packed_product_and_bias(self, x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
  return torch.linear(x, matrix, bias)
