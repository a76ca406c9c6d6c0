# How a token is drawn from logits. Every row is drawn by itself: neither its neighbours nor their settings change what it gets.

# Index of the first token whose cumulative weight exceeds the row's uniform share of the total. weights [batch, vocab], float64, not
# necessarily summing to 1; uniforms [batch], float64 in [0, 1). A token of weight 0 is never the first.
def inverse(self, weights: Tensor, uniforms: Tensor) -> Tensor:
  cumulative = torch.cumsum(weights, -1)
  target = uniforms.unsqueeze(1) * cumulative.slice(1, -1)
  return torch.clamp_max(torch.sum(cumulative <= target, [-1]), weights.size(1) - 1)

# logits [batch, vocab]; uniforms, temperature (0: the likeliest), top_p [batch], float64. Returns tokens, [batch].
def draw(self, logits: Tensor, uniforms: Tensor, temperature: Tensor, top_p: Tensor) -> Tensor:
  tokens = torch.argmax(logits, -1)
  sampled = temperature > 0
  if bool(torch.any(sampled)):
    divisor = torch.where(sampled, temperature, torch.ones_like(temperature)).unsqueeze(1)
    probabilities = torch.softmax(logits.to(7) / divisor, -1)
    drawn = self.inverse(probabilities, uniforms)
    nucleus = torch.logical_and(sampled, top_p < 1)
    if bool(torch.any(nucleus)):
      # The smallest set of likeliest tokens that reaches top_p: those before which less than top_p has gathered.
      ordered, order, = torch.sort(probabilities, stable=True, dim=-1, descending=True)
      before = torch.cumsum(ordered, -1) - ordered
      kept = torch.masked_fill(ordered, before >= top_p.unsqueeze(1), 0.)
      place = self.inverse(kept, uniforms).unsqueeze(1)
      drawn = torch.where(nucleus, torch.gather(order, 1, place).squeeze(1), drawn)
    tokens = torch.where(sampled, drawn, tokens)
  return tokens
