# What layers of decoders and encoders have in common. Axes: batch, seq, heads, dim (= hidden per head). Names with a dollar sign are the
# architecture: see decoder.ts.py.

# [batch, seq, heads * dim] -> [batch, heads, seq, dim]
def split(self, x: Tensor) -> Tensor:
  return x.view([x.size(0), x.size(1), -1, $dim]).transpose(1, 2)

def activate(self, x: Tensor) -> Tensor:
  if $activation == 0:
    y = torch.silu(x)
  elif $activation == 1:
    y = torch.gelu(x)
  elif $activation == 2:
    # 0.7978... is sqrt(2 / pi). The kernel's own approximation cannot be named in an archive of this version.
    # In float32, as that one is inside.
    wide = torch.to(x, 6)
    y = torch.to(wide * 0.5 * (torch.tanh((wide + torch.pow(wide, 3) * 0.044715) * 0.7978845608028654) + 1.), ops.prim.dtype(x))
  else:
    y = torch.relu(x)
  return y

# cap tanh(x / cap), which lies between -cap and cap; x itself where the cap is 0
def soft_cap(self, x: Tensor, cap: float) -> Tensor:
  if cap > 0.:
    y = torch.tanh(x / cap) * cap
  else:
    y = x
  return y
