# The decoder, in TorchScript, read from top to bottom. Axes: batch, seq, hidden, heads, dim (= hidden per head), vocab, layers.
#
# Weights come as the checkpoint holds them, nine a layer, in this order:
#   0 norm before attention [hidden]           5 norm before the feed-forward [hidden]
#   1 query   [heads * dim, hidden]            6 gate [width, hidden]
#   2 key     [kv_heads * dim, hidden]         7 up   [width, hidden]
#   3 value   [kv_heads * dim, hidden]         8 down [hidden, width]
#   4 output  [hidden, heads * dim]
# The number of heads follows from these shapes and from dim, which is the width of the rope table.

# x / sqrt(mean(x^2) + epsilon) * weight, over the last axis.
def norm(self, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
  return torch.rms_norm(x, [x.size(-1)], weight, epsilon)

# [batch, seq, heads * dim] -> [batch, heads, seq, dim]
def split(self, x: Tensor, dim: int) -> Tensor:
  return x.view([x.size(0), x.size(1), -1, dim]).transpose(1, 2)

# Rotary position embedding: the halves of dim are the two coordinates of a rotation. Tables broadcast against [batch, heads, seq, dim].
def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  first, second, = torch.chunk(x, 2, -1)
  return x * cos + torch.cat([-second, first], -1) * sin

# Key or value heads repeated so that each query head has its own: [batch, kv_heads, seq, dim] -> [batch, heads, seq, dim]
def widen(self, x: Tensor, heads: int) -> Tensor:
  groups = heads // x.size(1)
  if groups == 1:
    y = x
  else:
    y = x.unsqueeze(2).expand([-1, -1, groups, -1, -1]).reshape([x.size(0), heads, x.size(2), x.size(3)])
  return y

# SwiGLU
def feed_forward(self, x: Tensor, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
  return torch.linear(torch.silu(torch.linear(x, gate)) * torch.linear(x, up), down)

# Final hidden states, after the last norm.
#
# ids [batch, seq]; cos, sin [seq, dim]; embedding [vocab, hidden]; last [hidden]; layers: nine tensors each; epsilon: one number;
# taps [layers + 1, 6], bool: what else to return, in this order, layer by layer (row 0 is the embedding, column 0 of it):
#   0 hidden after the layer, 1 queries, 2 keys, 3 values, 4 attention scores, 5 attention probabilities
# Sequences are padded on the right, so the causal mask alone keeps every real position from seeing padding.
def states(self, ids: Tensor, cos: Tensor, sin: Tensor, embedding: Tensor, last: Tensor, layers: List[Tensor], epsilon: Tensor, taps: Tensor) -> List[Tensor]:
  eps = float(epsilon)
  dim = cos.size(-1)
  x = torch.embedding(embedding, ids)
  signals = annotate(List[Tensor], [])
  if bool(taps[0][0]):
    torch.append(signals, x)
  tapped = bool(torch.any(taps))
  for layer in range(len(layers) // 9):
    w = layers[layer * 9 : layer * 9 + 9]
    row = taps[layer + 1]
    h = self.norm(x, w[0], eps)
    q = self.rotate(self.split(torch.linear(h, w[1]), dim), cos, sin)
    k = self.rotate(self.split(torch.linear(h, w[2]), dim), cos, sin)
    v = self.split(torch.linear(h, w[3]), dim)
    heads = q.size(1)
    keys = self.widen(k, heads)
    values = self.widen(v, heads)
    explicit = False
    if tapped:
      explicit = bool(torch.any(row[4:6]))
    if explicit:
      # The fused kernel never forms the scores, so a layer whose scores are asked for takes the long way.
      scores = torch.matmul(q, keys.transpose(2, 3)) / (float(dim) ** 0.5)
      future = torch.triu(torch.ones([q.size(2), q.size(2)], dtype=11), 1)
      masked = torch.masked_fill(scores, future, float("-inf"))
      probabilities = torch.softmax(masked, -1)
      mixed = torch.matmul(probabilities, values)
    else:
      scores = q
      probabilities = q
      mixed = torch.scaled_dot_product_attention(q, keys, values, None, 0., True)
    x = x + torch.linear(mixed.transpose(1, 2).reshape([x.size(0), x.size(1), -1]), w[4])
    x = x + self.feed_forward(self.norm(x, w[5], eps), w[6], w[7], w[8])
    if tapped:
      kinds = [x, q, k, v, scores, probabilities]
      for kind in range(6):
        if bool(row[kind]):
          torch.append(signals, kinds[kind])
  torch.append(signals, self.norm(x, last, eps))
  return signals
