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

# Continues a batch by new tokens, with keys and values of everything before kept in a cache.
#
# ids [batch, new]; at: where the new tokens come to stand; pads [batch]: how many positions at the left of a row are padding; cos, sin
# [positions, dim]; cache: keys and values of each layer, [batch, kv_heads, capacity, dim], written in place from `at` on.
# Returns the final states of the new tokens, [batch, new, hidden].
def extend(self, ids: Tensor, at: int, pads: Tensor, cos: Tensor, sin: Tensor, embedding: Tensor, last: Tensor, layers: List[Tensor], eps: float, cache: List[Tensor]) -> Tensor:
  batch = ids.size(0)
  new = ids.size(1)
  end = at + new
  dim = cos.size(-1)
  index = torch.arange(at, end, dtype=4)
  positions = torch.clamp_min(index.unsqueeze(0) - pads.unsqueeze(1), 0).view(-1)
  c = torch.index_select(cos, 0, positions).view([batch, 1, new, dim])
  s = torch.index_select(sin, 0, positions).view([batch, 1, new, dim])
  # A position sees what is not padding and not later than itself. It always sees itself, so that no row of the softmax is empty.
  here = torch.arange(0, end, dtype=4).view([1, 1, end])
  there = index.view([1, new, 1])
  hidden = torch.logical_and(torch.logical_or(here > there, here < pads.view([batch, 1, 1])), here != there)
  mask = torch.masked_fill(torch.zeros([batch, new, end], dtype=6), hidden, float("-inf")).unsqueeze(1)
  x = torch.embedding(embedding, ids)
  for layer in range(len(layers) // 9):
    w = layers[layer * 9 : layer * 9 + 9]
    h = self.norm(x, w[0], eps)
    q = self.rotate(self.split(torch.linear(h, w[1]), dim), c, s)
    keys = cache[layer * 2].slice(2, 0, end)
    values = cache[layer * 2 + 1].slice(2, 0, end)
    torch.copy_(keys.slice(2, at, end), self.rotate(self.split(torch.linear(h, w[2]), dim), c, s))
    torch.copy_(values.slice(2, at, end), self.split(torch.linear(h, w[3]), dim))
    heads = q.size(1)
    if new == 1:
      # The query heads that share keys stand in for the positions, so that the cache is read as it lies.
      grouped = q.view([batch, keys.size(1), heads // keys.size(1), dim])
      mixed = torch.scaled_dot_product_attention(grouped, keys, values, mask).reshape([batch, 1, heads * dim])
    else:
      wide = torch.scaled_dot_product_attention(q, self.widen(keys, heads), self.widen(values, heads), mask)
      mixed = wide.transpose(1, 2).reshape([batch, new, heads * dim])
    x = x + torch.linear(mixed, w[4])
    x = x + self.feed_forward(self.norm(x, w[5], eps), w[6], w[7], w[8])
  return self.norm(x, last, eps)

# Reads the prompts, padded on the left, into the cache, in blocks so that the mask stays small. Returns the logits of the next token,
# [batch, vocab].
def prefill(self, ids: Tensor, pads: Tensor, cos: Tensor, sin: Tensor, embedding: Tensor, last: Tensor, head: Tensor, layers: List[Tensor], epsilon: Tensor, cache: List[Tensor]) -> Tensor:
  block = 512
  total = ids.size(1)
  states = ids
  for i in range((total + block - 1) // block):
    states = self.extend(ids.slice(1, i * block, min(total, (i + 1) * block)), i * block, pads, cos, sin, embedding, last, layers, float(epsilon), cache)
  return torch.linear(states.select(1, -1), head)

# Draws up to `steps` tokens a row, one after the other; stops early when every row is done.
#
# logits [batch, vocab] of the next token; done [batch], bool; uniforms [batch, steps], float64 in [0, 1); temperature, top_p [batch],
# float64; eos [n]; at: where the next token comes to stand.
# Returns tokens [batch, steps], -1 where a row was done before or nothing was drawn; the next logits; done.
def continue_batch(self, logits: Tensor, done: Tensor, uniforms: Tensor, temperature: Tensor, top_p: Tensor, eos: Tensor, at: Tensor, pads: Tensor, cos: Tensor, sin: Tensor, embedding: Tensor, last: Tensor, head: Tensor, layers: List[Tensor], epsilon: Tensor, cache: List[Tensor]) -> List[Tensor]:
  eps = float(epsilon)
  first = int(at)
  steps = uniforms.size(1)
  tokens = torch.full([logits.size(0), steps], -1, dtype=4)
  step = 0
  going = True
  while going:
    drawn = self.draw(logits, uniforms.select(1, step), temperature, top_p)
    torch.copy_(tokens.select(1, step), torch.masked_fill(drawn, done, -1))
    done = torch.logical_or(done, torch.isin(drawn, eos))
    states = self.extend(drawn.unsqueeze(1), first + step, pads, cos, sin, embedding, last, layers, eps, cache)
    logits = torch.linear(states.select(1, 0), head)
    step = step + 1
    going = step < steps and not bool(torch.all(done))
  return [tokens, logits, done]

# Some rows of the caches, and of them the positions first to last, in caches of another capacity. keep [rows]; span: first, last, capacity.
def moved(self, cache: List[Tensor], keep: Tensor, span: Tensor) -> List[Tensor]:
  first = int(span[0])
  last = int(span[1])
  fresh = annotate(List[Tensor], [])
  for i in range(len(cache)):
    old = cache[i]
    new = torch.zeros([keep.size(0), old.size(1), int(span[2]), old.size(3)], dtype=6)
    torch.copy_(new.slice(2, 0, last - first), torch.index_select(old.slice(2, first, last), 0, keep))
    torch.append(fresh, new)
  return fresh

# Log probabilities of given tokens, in nats, and whether each was the likeliest: states [tokens, hidden], targets [tokens]. The logits
# exist for a block of tokens at a time.
def score(self, states: Tensor, targets: Tensor, head: Tensor) -> List[Tensor]:
  block = 256
  values = annotate(List[Tensor], [])
  likeliest = annotate(List[Tensor], [])
  for i in range((states.size(0) + block - 1) // block):
    logits = torch.linear(states.slice(0, i * block, (i + 1) * block), head)
    wanted = targets.slice(0, i * block, (i + 1) * block)
    torch.append(values, torch.gather(torch.log_softmax(logits, -1), 1, wanted.unsqueeze(1)).squeeze(1))
    torch.append(likeliest, torch.argmax(logits, -1) == wanted)
  return [torch.cat(values), torch.cat(likeliest)]
