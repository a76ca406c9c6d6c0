# Distributions over a vocabulary, one a token. Each formula stands here once; every program that needs one is compiled together with this text.
# Axes: tokens, vocab. `log_p`: logarithms of probabilities over the last axis, in nats. `labels`, `ids`: int64.

# log softmax, finite: what is ruled out has -1e30 instead of minus infinity, for 0 times infinity is no number.
def finite_log_softmax(self, logits: Tensor) -> Tensor:
  return torch.clamp_min(torch.log_softmax(logits, -1), -1e30)

# Sum of losses in float64, one after the other, so that it is the same on every run of a processor and nobody has to read them. [n] -> []
def total(self, losses: Tensor) -> Tensor:
  return torch.select(torch.cumsum(torch.to(losses, 7), 0), 0, -1)

# log p[label], one label a token. [tokens, vocab], [tokens] -> [tokens]
def label_log(self, log_p: Tensor, labels: Tensor) -> Tensor:
  return torch.neg(torch.nll_loss(log_p, labels, None, 0))

# The same from logits: log softmax(logits)[label], which is minus the cross-entropy. float32: half precision loses the tail of the softmax.
# [tokens, vocab], [tokens] -> [tokens]
def label_log_probability(self, logits: Tensor, labels: Tensor) -> Tensor:
  return self.label_log(torch.log_softmax(logits, -1, 6), labels)

# Whether the label is the largest logit. [tokens, vocab], [tokens] -> [tokens], bool
def is_argmax(self, logits: Tensor, labels: Tensor) -> Tensor:
  return torch.eq(torch.argmax(logits, -1), labels)

# log of the mass of all tokens but those named, together. [.., vocab], [.., n] -> [.., 1]
def log_rest(self, log_p: Tensor, ids: Tensor) -> Tensor:
  return torch.logsumexp(torch.scatter(log_p, -1, ids, -1e30), [-1], True)

# -sum p log p / log vocab: 0 where one token is certain, 1 where all are alike likely. [.., vocab] -> [..]
def normalized_entropy(self, log_p: Tensor) -> Tensor:
  most = torch.log(torch.full([1], float(log_p.size(-1)), dtype=6, device=log_p.device))
  return torch.sum(torch.exp(log_p) * log_p, [-1]) / most * -1.

# What a distribution says of a token: log probability of the label, normalized entropy, largest probability.
# [tokens, vocab], [tokens] -> three of [tokens]
def stats(self, log_p: Tensor, labels: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  return (self.label_log(log_p, labels), self.normalized_entropy(log_p), torch.exp(torch.amax(log_p, [1])))

# Ids of the k largest, the largest first, without gradient. [.., vocab] -> [.., k]
def top_ids(self, x: Tensor, k: int) -> Tensor:
  largest, ids, = torch.topk(torch.detach(x), k, -1, True, True)
  return ids

# Logarithms at some ids, and one entry more for all others together. [.., vocab], [.., n] -> [.., n + 1]
def named_and_rest(self, log_p: Tensor, ids: Tensor) -> Tensor:
  return torch.cat([torch.gather(log_p, -1, ids), self.log_rest(log_p, ids)], -1)

# Rows of the final hidden states, [batch, seq, hidden] and places [tokens] in [batch * seq] -> [tokens, hidden]
def select(self, states: Tensor, places: Tensor) -> Tensor:
  return torch.index_select(states.view([-1, states.size(-1)]), 0, places)

# log softmax(logits / temperature) over the first `vocab` ids, float32, and how many of them are no number.
def known_log_softmax(self, logits: Tensor, temperature: float, vocab: int) -> List[Tensor]:
  known = torch.slice(logits, 1, 0, vocab).to(6)
  log_p = self.finite_log_softmax(known / temperature)
  return [log_p, torch.sum(torch.isnan(log_p))]

# The k likeliest: ids, logarithms, and the logarithm of all others together.
def top_k(self, log_p: Tensor, k: int) -> List[Tensor]:
  ids = self.top_ids(log_p, k)
  return [ids, torch.gather(log_p, 1, ids), self.log_rest(log_p, ids).squeeze(1)]

# Of given tokens, [tokens]: the logarithm of each, and its rank among all, from 1.
def ranked(self, log_p: Tensor, labels: Tensor) -> List[Tensor]:
  own = self.label_log(log_p, labels)
  return [own, torch.sum(log_p > own.unsqueeze(1), [1]) + 1]

# Draws with replacement by their place in the cumulated weights: the first id whose sum exceeds a share of the whole. weights [rows, vocab],
# float64, for the many small masses of a vocabulary are lost in a sum of floats, and not necessarily summing to 1; uniforms [rows, draws] in
# [0, 1). An id of weight 0 is never the first. -> [rows, draws]
def inverse_cdf(self, weights: Tensor, uniforms: Tensor) -> Tensor:
  cumulative = torch.cumsum(weights, -1)
  share = uniforms * torch.slice(cumulative, 1, -1)
  return torch.clamp_max(torch.searchsorted(cumulative, share, out_int32=False, right=True), weights.size(1) - 1)

# p (log p - log q), entry by entry; both logarithms finite. [.., vocab] twice -> [.., vocab]
def kl_entries(self, log_q: Tensor, log_p: Tensor) -> Tensor:
  return torch.mul(torch.exp(log_p), torch.sub(log_p, log_q))

# Their sum over the last axis. [.., vocab] twice -> [..]
def kl(self, log_q: Tensor, log_p: Tensor) -> Tensor:
  return torch.sum(self.kl_entries(log_q, log_p), [-1])

# Of some tokens, several at a position: log softmax(logits)[label], and whether it is the largest logit. logits [positions, vocab]; at, labels [tokens]
# -> two of [tokens], the second bool
def labelled(self, logits: Tensor, at: Tensor, labels: Tensor) -> List[Tensor]:
  log_p = torch.log_softmax(logits, -1, 6)
  own = torch.index_select(log_p.reshape([-1]), 0, at * logits.size(1) + labels)
  return [own, torch.eq(torch.index_select(torch.argmax(logits, -1), 0, at), labels)]
