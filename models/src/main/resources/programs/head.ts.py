# The head: from final states to logits, and the way back. What lies at `at`: see linear.ts.py.

# [.., hidden] -> [.., vocab], float32, for half precision loses the tail of the softmax; bounded where the family bounds them: cap tanh(x / cap)
def logits(self, states: Tensor, w: List[Tensor], at: int) -> Tensor:
  return self.soft_cap(torch.to(self.linear(states, w, at, $head_kind), 6), $logit_cap)

# The same of a head alone.
def project(self, states: Tensor, head: List[Tensor]) -> Tensor:
  return self.logits(states, head, 0)

# Gradient in the states [tokens, hidden], of their type, from `slope`, that in the bounded `logits`, both [tokens, vocab]. The bound's own slope is
# 1 - tanh^2(x / cap). What is lost through the head is added into `gradients`: see `linear_back`.
def pull_back(self, slope: Tensor, logits: Tensor, states: Tensor, head: List[Tensor], gradients: List[Tensor]) -> Tensor:
  inner = slope
  if $logit_cap > 0.:
    inner = slope * (1. - torch.square(logits / $logit_cap))
  return self.linear_back(self.as_typed(inner, states), states, head, 0, $head_kind, gradients)
