# How a token is drawn from logits. Every row is drawn by itself: neither its neighbours nor their settings change what it gets.

# What is left of the likeliest tokens, in this order: the top_k likeliest; of their mass, the smallest set that reaches top_p (those before
# which less than top_p has gathered); those at least min_p times as likely as the likeliest.
# ordered [batch, n], the largest probabilities in descending order; top_k [batch], int64, 0 for all. -> [batch, n], 0 where a token is out.
def nucleus(self, ordered: Tensor, top_p: Tensor, top_k: Tensor, min_p: Tensor) -> Tensor:
  few = (top_k > 0).unsqueeze(1)
  place = torch.arange(0, ordered.size(1), dtype=4, device=ordered.device).unsqueeze(0)
  kept = torch.masked_fill(ordered, torch.logical_and(few, place >= top_k.unsqueeze(1)), 0.)
  before = torch.cumsum(kept, -1) - kept
  mass = torch.where(few.squeeze(1), torch.sum(kept, [-1]), torch.ones_like(top_p))
  kept = torch.masked_fill(kept, before >= (top_p * mass).unsqueeze(1), 0.)
  return torch.masked_fill(kept, ordered < min_p.unsqueeze(1) * ordered.slice(1, 0, 1), 0.)

# Of what is left, the smallest set that reaches the share typical_p, of those first whose surprise is nearest to the entropy, and whatever is as
# near as the last of them. kept [batch, n]; typical_p [batch]; 1 keeps all. -> [batch, n], 0 where a token is out.
def typical(self, kept: Tensor, typical_p: Tensor) -> Tensor:
  p = kept / torch.sum(kept, [-1], True)
  surprise = torch.log(torch.clamp_min(p, 1e-300)) * -1.
  entropy = torch.sum(p * surprise, [-1], True)
  far = torch.masked_fill(torch.abs(surprise - entropy), kept == 0., float("inf"))
  near, order, = torch.sort(far, stable=True, dim=-1, descending=False)
  reached = torch.sum(torch.cumsum(torch.gather(p, 1, order), -1) < typical_p.unsqueeze(1), [-1], True)
  last = torch.gather(near, 1, torch.clamp_max(reached, p.size(1) - 1))
  return torch.masked_fill(kept, torch.logical_and(far > last, (typical_p < 1).unsqueeze(1)), 0.)

# The logits as they are drawn from, float64: with biases, without what tokens of the text lose, minus infinity for what may not come.
def processed(self, logits: Tensor, step: int, settings: List[Tensor], flags: List[bool]) -> Tensor:
  x = logits.to(7)
  if flags[2]:
    x = torch.scatter_add(x, 1, settings[6], torch.masked_fill(settings[7], settings[8] <= step, 0.))
  if flags[3]:
    text = settings[9]
    own = torch.gather(x, 1, text)
    repetition = settings[11].unsqueeze(1)
    x = torch.scatter(x, 1, text, torch.where(own > 0., own / repetition, own * repetition))
    counts = torch.scatter_add(torch.zeros_like(x), 1, text, settings[10])
    x = x - counts * settings[12].unsqueeze(1) - (counts > 0.).to(7) * settings[13].unsqueeze(1)
  if flags[4]:
    rows = settings[14]
    bits = torch.arange(0, 64, dtype=4, device=x.device)
    allowed = torch.bitwise_and(torch.bitwise_right_shift(settings[15].unsqueeze(-1), bits), 1) # [rows, words, 64]
    allowed = allowed.view([rows.size(0), -1])
    allowed = torch.constant_pad_nd(allowed, [0, x.size(1) - allowed.size(1)], 0) # [rows, vocab]
    few = torch.masked_fill(torch.index_select(x, 0, rows), allowed == 0, float("-inf"))
    x = torch.index_copy(x, 0, rows, few)
  return x

# Keeps what is asked for of a token that was drawn: the text with it, its log-probability, and the likeliest with theirs. In place.
def note(self, logits: Tensor, tokens: Tensor, step: int, settings: List[Tensor], flags: List[bool]) -> None:
  if flags[3]:
    end = settings[9].size(1) - settings[0].size(1) + step
    torch.copy_(settings[9].select(1, end), tokens)
    torch.fill_(settings[10].select(1, end), 1.)
  if flags[5]:
    log_p = self.finite_log_softmax(logits.to(6))
    torch.copy_(settings[16].select(1, step), self.label_log(log_p, tokens))
    if settings[17].size(2) > 0:
      ids = self.top_ids(log_p, settings[17].size(2))
      torch.copy_(settings[17].select(1, step), ids)
      torch.copy_(settings[18].select(1, step), torch.gather(log_p, 1, ids))

# logits [batch, vocab]; step, from 0; settings and flags as `Draws` makes them, which nobody else looks into. Whatever no row needs is an
# array without numbers, and has a flag.
#   0 uniforms [batch, steps], 1 temperature [batch], 2 top_p [batch], all float64; 3 top_k [batch], int64; 4 min_p, 5 typical_p [batch], float64
#   6 ids, 7 what is added to their logits (float64), 8 before which step (int64) [batch, biases]
#   9 ids of the text so far with room for the steps, 10 how much each counts (1 in the answer, 0 in the prompt) [batch, length + steps];
#     11 repetition, 12 frequency, 13 presence penalty [batch], float64
#   14 rows of which not all tokens may come [rows]; 15 which may, 64 bits a word, the lowest first, int64 [rows, words]
#   16 log-probability of each token drawn [batch, steps], 17 the likeliest tokens, 18 their log-probabilities [batch, steps, n]: filled in
#   flags: 0 whether any row is sampled, 1 any by less than all tokens; 2 biases, 3 penalties, 4 masks, 5 log-probabilities
# Returns tokens, [batch].
#
# Temperature 0 takes the likeliest. So does one below 1e-5, at which the likeliest has all the weight there is and a division may overflow.
def draw(self, logits: Tensor, step: int, settings: List[Tensor], flags: List[bool]) -> Tensor:
  given = logits
  if flags[2] or flags[3] or flags[4]:
    logits = self.processed(logits, step, settings, flags)
  uniforms = settings[0].select(1, step).unsqueeze(1)
  temperature = settings[1]
  top_p = settings[2]
  top_k = settings[3]
  min_p = settings[4]
  typical_p = settings[5]
  tokens = torch.argmax(logits, -1)
  sampled = temperature >= 1e-5
  if flags[0]:
    divisor = torch.where(sampled, temperature, torch.ones_like(temperature)).unsqueeze(1)
    probabilities = torch.softmax(logits.to(7) / divisor, -1)
    drawn = self.inverse_cdf(probabilities, uniforms).squeeze(1)
    if flags[1]:
      cut = torch.logical_or(torch.logical_or(top_p < 1, typical_p < 1), torch.logical_or(top_k > 0, min_p > 0))
      cut = torch.logical_and(sampled, cut)
      # Sorting a whole vocabulary costs more than a layer, and the few likeliest nearly always are enough; a row where they are not is sorted.
      ordered, order, = torch.topk(probabilities, min(64, probabilities.size(1)))
      kept = self.typical(self.nucleus(ordered, top_p, top_k, min_p), typical_p)
      drawn = torch.where(cut, torch.gather(order, 1, self.inverse_cdf(kept, uniforms)).squeeze(1), drawn)
      rare = ordered.select(1, ordered.size(1) - 1) < min_p * ordered.select(1, 0)
      # Below the few, top_p 1 keeps what rounding lets the sum reach; typicality needs every token that is left.
      enough = torch.logical_or(torch.logical_and(torch.sum(ordered, [-1]) >= top_p, torch.logical_or(typical_p >= 1, top_p < 1)), rare)
      enough = torch.where(top_k > 0, top_k <= ordered.size(1), enough)
      short = torch.logical_and(cut, torch.logical_not(enough))
      if bool(torch.any(short)):
        ordered, order, = torch.sort(probabilities, stable=True, dim=-1, descending=True)
        kept = self.typical(self.nucleus(ordered, top_p, top_k, min_p), typical_p)
        drawn = torch.where(short, torch.gather(order, 1, self.inverse_cdf(kept, uniforms)).squeeze(1), drawn)
    tokens = torch.where(sampled, drawn, tokens)
  if flags[3] or flags[5]:
    self.note(given, tokens, step, settings, flags)
  return tokens

# A draw from the mixture (1 - a) q + a p of two distributions over the ids that both have: which of the two a row's token comes from is drawn
# by the caller, with the chances 1 - a and a. logits, other [batch, vocab], of vocabularies that may differ in length; others [batch], bool;
# uniforms [batch], float64. Returns tokens, [batch].
def draw_mixed(self, logits: Tensor, other: Tensor, others: Tensor, uniforms: Tensor) -> Tensor:
  ids = min(logits.size(1), other.size(1))
  chosen = torch.where(others.unsqueeze(1), other.slice(1, 0, ids).to(7), logits.slice(1, 0, ids).to(7))
  return self.inverse_cdf(torch.softmax(chosen, -1), uniforms.unsqueeze(1)).squeeze(1)

# The distribution that `draw` draws from, with the likeliest alone where it takes that. logits [n, vocab]; settings and flags as there, of one step.
# Returns probabilities in the order of ids, [n, vocab], float64.
def probabilities(self, logits: Tensor, settings: List[Tensor], flags: List[bool]) -> Tensor:
  x = logits.to(7)
  if flags[2] or flags[3] or flags[4]:
    x = self.processed(logits, 0, settings, flags)
  sampled = (settings[1] >= 1e-5).unsqueeze(1)
  only = torch.scatter(torch.zeros_like(x), 1, torch.argmax(x, -1).unsqueeze(1), 1.)
  p = only
  if flags[0]:
    divisor = torch.where(sampled.squeeze(1), settings[1], torch.ones_like(settings[1])).unsqueeze(1)
    p = torch.softmax(x / divisor, -1)
    if flags[1]:
      ordered, order, = torch.sort(p, stable=True, dim=-1, descending=True)
      kept = self.typical(self.nucleus(ordered, settings[2], settings[3], settings[4]), settings[5])
      p = torch.scatter(torch.zeros_like(p), 1, order, kept)
    p = torch.where(sampled, p / torch.sum(p, [-1], True), only)
  return p

# One token of each row. probabilities [rows, vocab], uniforms [rows] -> [rows]
def draw_from(self, probabilities: Tensor, uniforms: Tensor) -> Tensor:
  return self.inverse_cdf(probabilities, uniforms.unsqueeze(1)).squeeze(1)

# Which of the tokens that a draft proposed stand, and the token behind them: a token d stands with the chance p(d) / q(d), and behind the last one
# that does comes a draw from max(p - q, 0) where one fell, from p where none did. So every token is drawn from p, whatever q is (Leviathan et
# al. 2023, arXiv:2211.17192).
#
# p [n, vocab]: what is expected at each position of each row, `index` [rows, k + 1] says where; q: what the draft expected at each step, of the rows
# `drafting` names, [some, its vocab]; drafted [rows, k], of which lengths [rows] count; uniforms [rows, k] and last [rows]. float64 and int64.
# Returns how many stand, and the token behind them, both [rows].
def verify(self, p: Tensor, index: Tensor, q: List[Tensor], drafting: List[Tensor], drafted: Tensor, lengths: Tensor, uniforms: Tensor, last: Tensor) -> List[Tensor]:
  vocab = p.size(1)
  stand = torch.zeros_like(lengths)
  standing = torch.ones_like(lengths) > 0
  given = annotate(List[Tensor], [])
  for i in range(len(q)):
    known = min(vocab, q[i].size(1))
    wide = torch.constant_pad_nd(q[i].slice(1, 0, known), [0, vocab - known], 0.)
    torch.append(given, torch.index_copy(torch.zeros([lengths.size(0), vocab], dtype=7, device=p.device), 0, drafting[i], wide))
    token = drafted.slice(1, i, i + 1)
    here = torch.index_select(p, 0, index.select(1, i))
    enough = uniforms.slice(1, i, i + 1) * torch.gather(given[i], 1, token) < torch.gather(here, 1, token)
    standing = torch.logical_and(torch.logical_and(standing, lengths > i), enough.squeeze(1))
    stand = stand + standing.to(4)
  behind = torch.index_select(p, 0, torch.gather(index, 1, stand.unsqueeze(1)).squeeze(1))
  for i in range(len(q)):
    rest = torch.clamp_min(behind - given[i], 0.)
    # Where rounding alone made a token fall, nothing is left of the difference.
    fell = torch.logical_and(torch.logical_and(stand == i, lengths > i), torch.sum(rest, [-1]) > 0.)
    behind = torch.where(fell.unsqueeze(1), rest, behind)
  return [stand, self.draw_from(behind, last)]
