# How a token is drawn from logits. Every row is drawn by itself: neither its neighbours nor their settings change what it gets.

# Index of the first token whose cumulative weight exceeds the row's uniform share of the total. weights [batch, vocab], float64, not
# necessarily summing to 1; uniforms [batch], float64 in [0, 1). A token of weight 0 is never the first.
def inverse(self, weights: Tensor, uniforms: Tensor) -> Tensor:
  cumulative = torch.cumsum(weights, -1)
  target = uniforms.unsqueeze(1) * cumulative.slice(1, -1)
  return torch.clamp_max(torch.sum(cumulative <= target, [-1]), weights.size(1) - 1)

# A draw from the smallest set of likeliest tokens that reaches top_p: those before which less than top_p has gathered.
# ordered [batch, n], the largest probabilities in descending order, and the tokens they belong to.
def nucleus(self, ordered: Tensor, order: Tensor, uniforms: Tensor, top_p: Tensor) -> Tensor:
  before = torch.cumsum(ordered, -1) - ordered
  kept = torch.masked_fill(ordered, before >= top_p.unsqueeze(1), 0.)
  return torch.gather(order, 1, self.inverse(kept, uniforms).unsqueeze(1)).squeeze(1)

# logits [batch, vocab]; uniforms, temperature, top_p [batch], float64. Returns tokens, [batch].
#
# Temperature 0 takes the likeliest. So does one below 1e-5, at which the likeliest has all the weight there is and a division may overflow.
def draw(self, logits: Tensor, uniforms: Tensor, temperature: Tensor, top_p: Tensor) -> Tensor:
  tokens = torch.argmax(logits, -1)
  sampled = temperature >= 1e-5
  if bool(torch.any(sampled)):
    divisor = torch.where(sampled, temperature, torch.ones_like(temperature)).unsqueeze(1)
    probabilities = torch.softmax(logits.to(7) / divisor, -1)
    drawn = self.inverse(probabilities, uniforms)
    cut = torch.logical_and(sampled, top_p < 1)
    if bool(torch.any(cut)):
      # Sorting a whole vocabulary costs more than a layer, and the few likeliest nearly always reach top_p; a row where they do not is sorted.
      ordered, order, = torch.topk(probabilities, min(64, probabilities.size(1)))
      drawn = torch.where(cut, self.nucleus(ordered, order, uniforms, top_p), drawn)
      short = torch.logical_and(cut, torch.sum(ordered, [-1]) < top_p)
      if bool(torch.any(short)):
        ordered, order, = torch.sort(probabilities, stable=True, dim=-1, descending=True)
        drawn = torch.where(short, self.nucleus(ordered, order, uniforms, top_p), drawn)
    tokens = torch.where(sampled, drawn, tokens)
  return tokens
