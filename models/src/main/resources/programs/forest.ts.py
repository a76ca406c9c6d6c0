# Many rows read at once, what they begin with alike once. They are the paths of a forest of tokens, written down so that what descends from a token
# follows it at once: a token sees those before it of whose descendants it is one. Axes as in decoder.ts.py; new: tokens read by this call; before:
# tokens from which all of them descend, and which were read by earlier calls.

# Keys and values of nothing yet, of each layer: [1, kv_heads, 0, dim]. They lie where `like` does.
def nothing_before(self, like: Tensor) -> List[Tensor]:
  fresh = annotate(List[Tensor], [])
  for i in range(2 * $layers):
    torch.append(fresh, torch.zeros([1, $keys // $dim, 0, $dim], dtype=$type, device=like.device))
  return fresh

# ids [1, new]; depths [new]: the position of each in its row; ends [new]: before which of the new tokens its descendants end; chain: whether each
# descends from the one before it; positions: more than any depth; tables: cosines and sines of each rope, [positions, rotated]; past: keys and values of
# each layer, [1, kv_heads, before, dim]; keep: whether anything will be read behind these.
# Returns their final states, [1, new, hidden], and, where they are kept, keys and values of all that was read, [1, kv_heads, before + new, dim].
def read_forest(self, ids: Tensor, depths: Tensor, ends: Tensor, chain: bool, positions: int, tables: List[Tensor], outer: List[Tensor], layers: List[Tensor], past: List[Tensor], keep: bool) -> List[Tensor]:
  new = ids.size(1)
  before = past[0].size(2)
  turns = annotate(List[Tensor], [])
  for table in tables:
    torch.append(turns, self.rotation(torch.index_select(table, 0, depths)))
  near = $window > 0 and positions > $window
  causal = chain and before == 0 and not $soft_cap > 0.
  x = self.embedding(ids, depths, outer)
  seen = x
  close = x
  if near or not causal:
    here = torch.arange(0, new, dtype=4, device=ids.device)
    apart = torch.logical_or(here.unsqueeze(0) > here.unsqueeze(1), ends.unsqueeze(0) <= here.unsqueeze(1)) # [new, new]
    hidden = torch.cat([torch.zeros([new, before], dtype=11, device=ids.device), apart], 1) # [new, before + new]
    open = torch.zeros([new, before + new], dtype=$type, device=ids.device)
    seen = torch.masked_fill(open, hidden, float("-inf"))
    if near:
      at = torch.cat([torch.arange(0, before, dtype=4, device=ids.device), depths])
      far = at.unsqueeze(0) <= depths.unsqueeze(1) - $window
      close = torch.masked_fill(open, torch.logical_or(hidden, far), float("-inf"))
  starts = $starts
  ends_of_layers = $ends
  ropes = $ropes
  windowed = $windowed
  sparse = $sparse
  read = annotate(List[Tensor], [])
  home = x
  for layer in range($layers):
    w = layers[starts[layer] : ends_of_layers[layer]]
    if $split:
      x = self.beside(x, w[0])
      turns = self.all_beside(turns, w[0])
      seen = self.beside(seen, w[0])
      close = self.beside(close, w[0])
    qkv = self.query_key_value(self.pre_norm(x, w), w, turns, ropes[layer])
    q = qkv[0]
    k = qkv[1]
    v = qkv[2]
    if before > 0:
      k = torch.cat([past[2 * layer], k], 2) # [1, kv_heads, before + new, dim]
      v = torch.cat([past[2 * layer + 1], v], 2)
    if keep:
      torch.append(read, k)
      torch.append(read, v)
    heads = q.size(1)
    keys = self.repeat_kv(k, heads)
    values = self.repeat_kv(v, heads)
    if near and windowed[layer] != 0:
      attended = self.attend(q, keys, values, close)
    elif causal:
      attended = torch.scaled_dot_product_attention(q, keys, values, None, 0., True, scale=$scale)
    else:
      attended = self.attend(q, keys, values, seen)
    x = self.residual_block(x, attended.transpose(1, 2).reshape([1, new, -1]), w, sparse[layer])
  if $split:
    x = self.beside(x, home)
  result = [self.last_norm(x, outer)]
  for kept in read:
    torch.append(result, kept)
  return result
