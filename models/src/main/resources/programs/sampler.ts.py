# How a token is drawn from logits. Every row is drawn by itself: neither its neighbours nor their settings change what it gets.

# A draw from what is left of the likeliest tokens, in this order: the top_k likeliest; of their mass, the smallest set that reaches top_p (those
# before which less than top_p has gathered); those at least min_p times as likely as the likeliest.
# ordered [batch, n], the largest probabilities in descending order, and the tokens they belong to; top_k [batch], int64, 0 for all.
def nucleus(self, ordered: Tensor, order: Tensor, uniforms: Tensor, top_p: Tensor, top_k: Tensor, min_p: Tensor) -> Tensor:
  few = (top_k > 0).unsqueeze(1)
  place = torch.arange(0, ordered.size(1), dtype=4, device=ordered.device).unsqueeze(0)
  kept = torch.masked_fill(ordered, torch.logical_and(few, place >= top_k.unsqueeze(1)), 0.)
  before = torch.cumsum(kept, -1) - kept
  mass = torch.where(few.squeeze(1), torch.sum(kept, [-1]), torch.ones_like(top_p))
  kept = torch.masked_fill(kept, before >= (top_p * mass).unsqueeze(1), 0.)
  kept = torch.masked_fill(kept, ordered < min_p.unsqueeze(1) * ordered.slice(1, 0, 1), 0.)
  return torch.gather(order, 1, self.inverse_cdf(kept, uniforms.unsqueeze(1))).squeeze(1)

# logits [batch, vocab]; step, from 0; settings and flags as `Draws` makes them, which nobody else looks into:
#   settings: uniforms [batch, steps], temperature [batch], top_p [batch], all float64; top_k [batch], int64; min_p [batch], float64
#   flags: whether any row is sampled, and any by less than all tokens
# Returns tokens, [batch].
#
# Temperature 0 takes the likeliest. So does one below 1e-5, at which the likeliest has all the weight there is and a division may overflow.
def draw(self, logits: Tensor, step: int, settings: List[Tensor], flags: List[bool]) -> Tensor:
  uniforms = settings[0].select(1, step)
  temperature = settings[1]
  top_p = settings[2]
  top_k = settings[3]
  min_p = settings[4]
  tokens = torch.argmax(logits, -1)
  sampled = temperature >= 1e-5
  if flags[0]:
    divisor = torch.where(sampled, temperature, torch.ones_like(temperature)).unsqueeze(1)
    probabilities = torch.softmax(logits.to(7) / divisor, -1)
    drawn = self.inverse_cdf(probabilities, uniforms.unsqueeze(1)).squeeze(1)
    cut = torch.logical_and(sampled, torch.logical_or(top_p < 1, torch.logical_or(top_k > 0, min_p > 0)))
    if flags[1]:
      # Sorting a whole vocabulary costs more than a layer, and the few likeliest nearly always are enough; a row where they are not is sorted.
      ordered, order, = torch.topk(probabilities, min(64, probabilities.size(1)))
      drawn = torch.where(cut, self.nucleus(ordered, order, uniforms, top_p, top_k, min_p), drawn)
      rare = ordered.select(1, ordered.size(1) - 1) < min_p * ordered.select(1, 0)
      enough = torch.logical_or(torch.sum(ordered, [-1]) >= top_p, rare)
      enough = torch.where(top_k > 0, top_k <= ordered.size(1), enough)
      short = torch.logical_and(cut, torch.logical_not(enough))
      if bool(torch.any(short)):
        ordered, order, = torch.sort(probabilities, stable=True, dim=-1, descending=True)
        drawn = torch.where(short, self.nucleus(ordered, order, uniforms, top_p, top_k, min_p), drawn)
    tokens = torch.where(sampled, drawn, tokens)
  return tokens

# A draw from the mixture (1 - a) q + a p of two distributions over the ids that both have: which of the two a row's token comes from is drawn
# by the caller, with the chances 1 - a and a. logits, other [batch, vocab], of vocabularies that may differ in length; others [batch], bool;
# uniforms [batch], float64. Returns tokens, [batch].
def draw_mixed(self, logits: Tensor, other: Tensor, others: Tensor, uniforms: Tensor) -> Tensor:
  ids = min(logits.size(1), other.size(1))
  chosen = torch.where(others.unsqueeze(1), other.slice(1, 0, ids).to(7), logits.slice(1, 0, ids).to(7))
  return self.inverse_cdf(torch.softmax(chosen, -1), uniforms.unsqueeze(1)).squeeze(1)
