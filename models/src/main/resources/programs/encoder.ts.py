# The encoder, in TorchScript. Axes: batch, seq, hidden, heads, dim (= hidden per head), vocab. Names with a dollar sign are the architecture.
#
# outer: word embedding, positions, norm after them (weight, bias), dense part of the head (weight, bias), its norm (weight, bias), bias of the
# logits, and token types where there are some. layers: sixteen a layer, weight and bias of: 0 query, 2 key, 4 value, 6 output,
# 8 norm after the attention, 10 up, 12 down, 14 norm after the feed-forward part.

def norm(self, x: Tensor, w: List[Tensor], at: int) -> Tensor:
  return torch.layer_norm(x, [x.size(-1)], w[at], w[at + 1], $epsilon)

def linear(self, x: Tensor, w: List[Tensor], at: int) -> Tensor:
  return torch.linear(x, w[at], w[at + 1])

# Final hidden states. ids [batch, seq]; lengths [batch]; taps as the decoder's.
def states(self, ids: Tensor, lengths: Tensor, outer: List[Tensor], layers: List[Tensor], taps: List[bool]) -> List[Tensor]:
  seq = ids.size(1)
  places = torch.arange(0, seq, dtype=4, device=ids.device)
  x = torch.embedding(outer[0], ids) + torch.embedding(outer[1], places + $first_position)
  if $token_types > 0:
    x = x + outer[9].select(0, 0)
  x = self.norm(x, outer, 2)
  signals = annotate(List[Tensor], [])
  tapped = len(taps) > 0
  if tapped:
    if taps[0]:
      torch.append(signals, x)
  # Nobody sees padding; a row of nothing else would have no one to see, so the first position always counts.
  padding = (places.unsqueeze(0) >= torch.clamp_min(lengths, 1).unsqueeze(1)).view([ids.size(0), 1, 1, seq])
  mask = torch.masked_fill(torch.zeros([ids.size(0), 1, 1, seq], dtype=6, device=ids.device), padding, float("-inf"))
  for layer in range($layers):
    w = layers[layer * 16 : layer * 16 + 16]
    row = 6 * (layer + 1)
    q = self.split(self.linear(x, w, 0))
    k = self.split(self.linear(x, w, 2))
    v = self.split(self.linear(x, w, 4))
    explicit = False
    if tapped:
      explicit = taps[row + 4] or taps[row + 5]
    if explicit:
      scores = torch.matmul(q, k.transpose(2, 3)) / (float($dim) ** 0.5)
      probabilities = torch.softmax(scores + mask, -1)
      mixed = torch.matmul(probabilities, v)
    else:
      scores = q
      probabilities = q
      mixed = torch.scaled_dot_product_attention(q, k, v, mask)
    found = self.linear(mixed.transpose(1, 2).reshape([x.size(0), seq, -1]), w, 6)
    x = self.norm(x + found, w, 8)
    x = self.norm(x + self.linear(self.activate(self.linear(x, w, 10)), w, 12), w, 14)
    if tapped:
      kinds = [x, q, k, v, scores, probabilities]
      for kind in range(6):
        if taps[row + kind]:
          torch.append(signals, kinds[kind])
  torch.append(signals, x)
  return signals

# [.., hidden] -> [.., vocab]
def logits(self, states: Tensor, outer: List[Tensor]) -> Tensor:
  h = self.norm(self.activate(self.linear(states, outer, 4)), outer, 6)
  return torch.linear(h, outer[0], outer[8])
