# What a model expects, from its logits, for one chunk of tokens.

# log softmax(logits / temperature) over the first `vocab` ids, float32, and how many of them are no number.
def log_probabilities(self, logits: Tensor, temperature: float, vocab: int) -> List[Tensor]:
  known = torch.slice(logits, 1, 0, vocab).to(6)
  log_p = torch.clamp_min(torch.log_softmax(known / temperature, -1), -1e30)
  return [log_p, torch.sum(torch.isnan(log_p))]

# The k likeliest: ids, logarithms, and the logarithm of all others together.
def likeliest(self, log_p: Tensor, k: int) -> List[Tensor]:
  logs, ids, = torch.topk(log_p, k)
  rest = torch.logsumexp(torch.scatter(log_p, 1, ids, -1e30), [1])
  return [ids, logs, rest]

# Of given tokens, [tokens]: the logarithm of each, and its place among all, from 1.
def placed(self, log_p: Tensor, labels: Tensor) -> List[Tensor]:
  own = torch.gather(log_p, 1, labels.unsqueeze(1))
  return [own.squeeze(1), torch.sum(log_p > own, [1]) + 1]
