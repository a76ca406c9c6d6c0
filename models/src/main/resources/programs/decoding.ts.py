# Rows that are continued: keys and values of all positions before are kept, in the KV cache. Axes: rows, slots, capacity, new (tokens of one row).
#
# The cache lies in slabs, tensors [slots, kv_heads, capacity, dim], two for each layer, and each row has a slot of one of them; `cache` is the
# arrays of all slabs, one behind the other. Rows are of any length: a position that a row has not written is masked. A layer with a window has
# no more places than the window needs, a ring: position p lies at p modulo the capacity, which for all other layers is p itself.
#
# Rows of a slab may share a prefix, whose arrays, [1, kv_heads, begin, dim], stand in `cache` from `stems` of the slab on (-1 for none); its slots hold
# positions from `begins` on, 0 without one. Models with windows have none.

# The places of each row's next token in a flattened slab, [slots * kv_heads * capacity, dim], head by head: at [rows] -> [rows * kv_heads]
def places(self, at: Tensor, capacity: int) -> Tensor:
  heads = torch.arange(0, at.size(0) * $kv_heads, dtype=4, device=at.device).view([at.size(0), $kv_heads])
  return (heads * capacity + torch.remainder(at, capacity).unsqueeze(1)).view([-1])

# What the token at position `at` of each row does not see, as minus infinity to be added to scores: places that hold nothing yet, or what is
# too long ago. at [rows] -> [rows, 1, 1, capacity], float32
def unseen(self, at: Tensor, capacity: int, window: int) -> Tensor:
  place = torch.arange(0, capacity, dtype=4, device=at.device).unsqueeze(0)
  age = torch.remainder(at.unsqueeze(1) - place, capacity) # [rows, capacity]
  hidden = age > at.unsqueeze(1)
  if window > 0:
    hidden = torch.logical_or(hidden, age >= window)
  zeros = torch.zeros([at.size(0), capacity], dtype=6, device=at.device)
  return torch.masked_fill(zeros, hidden, float("-inf")).unsqueeze(1).unsqueeze(1)

# What the next tokens of rows take from a prefix that they share and from what is their own: one softmax over both. q [rows, kv_heads, heads / kv_heads,
# dim]; own, the scores of what is their own, [rows, kv_heads, heads / kv_heads, capacity]; values [rows, kv_heads, capacity, dim]; those of the prefix
# [1, kv_heads, begin, dim]. Returns a tensor like q.
def attend_shared(self, q: Tensor, own: Tensor, values: Tensor, prefix_keys: Tensor, prefix_values: Tensor) -> Tensor:
  rows = q.size(0)
  begin = prefix_keys.size(2)
  together = q.transpose(0, 1).reshape([1, $kv_heads, -1, $dim]) # [1, kv_heads, rows * heads / kv_heads, dim]
  before = self.scores(together, prefix_keys).view([$kv_heads, rows, -1, begin]).transpose(0, 1) # [rows, kv_heads, heads / kv_heads, begin]
  shares = self.typed(torch.softmax(torch.cat([before, own], -1), -1))
  first = shares.slice(-1, 0, begin).transpose(0, 1).reshape([1, $kv_heads, -1, begin])
  seen = torch.matmul(first, prefix_values).view([$kv_heads, rows, -1, $dim]).transpose(0, 1)
  return seen + torch.matmul(shares.slice(-1, begin), values)

# One token more in every row. ids, at [rows]: tokens and where they come to stand; turns: cosines and sines of each rope, [rows, 1, 1, rotated];
# counts: how many of the rows, in their order, lie in each slab, in its first slots. Returns final states, [rows, hidden].
def step_rows(self, ids: Tensor, at: Tensor, turns: List[Tensor], counts: List[int], begins: List[int], stems: List[int], outer: List[Tensor], layers: List[Tensor], cache: List[Tensor]) -> Tensor:
  windowed = $windowed
  where = annotate(List[Tensor], [])
  masks = annotate(List[Tensor], [])
  first = 0
  for slab in range(len(counts)):
    mine = at.slice(0, first, first + counts[slab]) - begins[slab]
    sizes = [0, 0]
    for layer in range($layers):
      sizes[windowed[layer]] = cache[2 * ($layers * slab + layer)].size(2)
    for kind in range(2):
      size = max(1, sizes[kind])
      torch.append(where, self.places(mine, size))
      torch.append(masks, self.unseen(mine, size, kind * $window))
    first = first + counts[slab]
  x = self.embedding(ids.unsqueeze(1), at.unsqueeze(1), outer) # [rows, 1, hidden]
  starts = $starts
  ends = $ends
  ropes = $ropes
  sparse = $sparse
  home = x
  for layer in range($layers):
    w = layers[starts[layer] : ends[layer]]
    if $split:
      x = self.beside(x, w[0])
      turns = self.all_beside(turns, w[0])
      where = self.all_beside(where, w[0])
      masks = self.all_beside(masks, w[0])
    qkv = self.query_key_value(self.pre_norm(x, w), w, turns, ropes[layer])
    parts = annotate(List[Tensor], [])
    first = 0
    for slab in range(len(counts)):
      count = counts[slab]
      last = first + count
      kind = 2 * slab + windowed[layer]
      keys = cache[2 * ($layers * slab + layer)]
      values = cache[2 * ($layers * slab + layer) + 1]
      torch.index_copy_(keys.view([-1, $dim]), 0, where[kind], qkv[1].slice(0, first, last).reshape([-1, $dim]))
      torch.index_copy_(values.view([-1, $dim]), 0, where[kind], qkv[2].slice(0, first, last).reshape([-1, $dim]))
      # The query heads that share keys stand in for the positions, so that the cache is read as it lies: whole slots, for batched products are
      # several times as fast where nothing lies between their factors.
      q = qkv[0].slice(0, first, last).reshape([count, $kv_heads, -1, $dim])
      scores = self.scores(q, keys.slice(0, 0, count)) + masks[kind] # [rows, kv_heads, heads / kv_heads, capacity]
      if stems[slab] < 0:
        attended = torch.matmul(self.typed(torch.softmax(scores, -1)), values.slice(0, 0, count))
      else:
        stem = stems[slab] + 2 * layer
        attended = self.attend_shared(q, scores, values.slice(0, 0, count), cache[stem], cache[stem + 1])
      torch.append(parts, attended.reshape([count, 1, -1]))
      first = last
    x = self.residual_block(x, torch.cat(parts, 0), w, sparse[layer])
  if $split:
    x = self.beside(x, home)
  return self.last_norm(x, outer).squeeze(1)

# Tables of rotations at some of their rows, or the last: index [n] -> each [n, 1, 1, rotated]
def turns_at(self, tables: List[Tensor], index: Tensor) -> List[Tensor]:
  turns = annotate(List[Tensor], [])
  for table in tables:
    near = torch.clamp_max(index, table.size(0) - 1)
    torch.append(turns, self.rotation(torch.index_select(table, 0, near)).unsqueeze(1).unsqueeze(1))
  return turns

# Draws up to `steps` tokens a row, one after the other; stops early when every row is done.
#
# states [rows, hidden], the final ones of each row's last token; done [rows], bool; eos [n]; settings, flags: of `draw`; all these in the order of
# the caller. order, inverse [rows]: where the rows of that order lie in the order of the slabs, and back. lengths, last, turn [rows], in the
# order of the slabs: where the next token comes to stand, the last place there is, and where in the tables of rotations, [n, rotated], the next
# token's is.
# Returns tokens [rows, steps], -1 where a row was done before or nothing was drawn; the states then; done.
def decode(self, states: Tensor, done: Tensor, eos: Tensor, settings: List[Tensor], flags: List[bool], steps: int, order: Tensor, inverse: Tensor, lengths: Tensor, last: Tensor, turn: Tensor, counts: List[int], begins: List[int], stems: List[int], tables: List[Tensor], outer: List[Tensor], layers: List[Tensor], cache: List[Tensor]) -> List[Tensor]:
  outer = self.all_typed(outer)
  layers = self.all_typed(layers)
  tokens = torch.full([done.size(0), steps], -1, dtype=4, device=states.device)
  step = 0
  going = True
  while going:
    drawn = self.draw(self.logits(states, outer, $head), step, settings, flags)
    torch.copy_(tokens.select(1, step), torch.masked_fill(drawn, done, -1))
    done = torch.logical_or(done, torch.isin(drawn, eos))
    turns = self.turns_at(tables, turn + step)
    # A row that is done goes on in its last place until all are.
    at = torch.minimum(lengths + step, last)
    states = torch.index_select(self.step_rows(torch.index_select(drawn, 0, order), at, turns, counts, begins, stems, outer, layers, cache), 0, inverse)
    step = step + 1
    going = step < steps and not bool(torch.all(done))
  return [tokens, states, done]

# Reads a given token in every row, as if it had been drawn; all in the order of the slabs. Returns the states then, [rows, hidden].
def write(self, tokens: Tensor, lengths: Tensor, turn: Tensor, counts: List[int], begins: List[int], stems: List[int], tables: List[Tensor], outer: List[Tensor], layers: List[Tensor], cache: List[Tensor]) -> Tensor:
  return self.step_rows(tokens, lengths, self.turns_at(tables, turn), counts, begins, stems, self.all_typed(outer), self.all_typed(layers), cache)

# What new tokens of one row take from those before them and from each other: q [1, heads, new, dim], k and v [1, kv_heads, new, dim], which come to
# stand at `at`; keys and values [kv_heads, capacity, dim] of the row's slot, from position `begin` on; before it those of the prefix that the row shares,
# [1, kv_heads, begin, dim] each, if any; window 0 for none; mask as `piece_mask` makes it.
def attend_piece(self, q: Tensor, k: Tensor, v: Tensor, keys: Tensor, values: Tensor, prefix: List[Tensor], at: int, begin: int, window: int, mask: Tensor) -> Tensor:
  first = begin
  if window > 0:
    first = max(0, at - window + 1)
  if at > first:
    index = torch.remainder(torch.arange(first - begin, at - begin, dtype=4, device=q.device), keys.size(1))
    k = torch.cat([torch.index_select(keys, 1, index).unsqueeze(0), k], 2)
    v = torch.cat([torch.index_select(values, 1, index).unsqueeze(0), v], 2)
  if begin > 0:
    k = torch.cat([prefix[0], k], 2)
    v = torch.cat([prefix[1], v], 2)
  if mask.numel() > 0:
    y = self.attend(q, self.repeat_kv(k, q.size(1)), self.repeat_kv(v, q.size(1)), mask)
  else:
    y = torch.scaled_dot_product_attention(q, self.repeat_kv(k, q.size(1)), self.repeat_kv(v, q.size(1)), None, 0., True, scale=$scale)
  return y

# What `new` tokens from `at` on do not see of what is before them and of each other, [new, first to at + new]; empty where each sees all up to itself
# and nothing is before them.
def piece_mask(self, at: int, new: int, window: int, like: Tensor) -> Tensor:
  first = 0
  if window > 0:
    first = max(0, at - window + 1)
  if at == 0 and $soft_cap == 0. and (window == 0 or new <= window):
    y = torch.zeros([0], dtype=$type, device=like.device)
  else:
    here = torch.arange(first, at + new, dtype=4, device=like.device).unsqueeze(0)
    there = torch.arange(at, at + new, dtype=4, device=like.device).unsqueeze(1)
    hidden = here > there
    if window > 0:
      hidden = torch.logical_or(hidden, here <= there - window)
    y = torch.masked_fill(torch.zeros([new, at + new - first], dtype=$type, device=like.device), hidden, float("-inf"))
  return y

# The last of new keys or values, x [1, kv_heads, new, dim] from place `at` on, into a slot [kv_heads, capacity, dim].
def keep_piece(self, x: Tensor, slot: Tensor, at: int) -> Tensor:
  kept = min(x.size(2), slot.size(1))
  end = at + x.size(2)
  index = torch.remainder(torch.arange(end - kept, end, dtype=4, device=x.device), slot.size(1))
  return torch.index_copy_(slot, 1, index, x.select(0, 0).slice(1, x.size(2) - kept))

# Reads pieces of texts, each of another row, one behind the other and without padding: products are of all tokens at once, attention is of each
# row by itself.
#
# ids, positions [tokens]; of each piece, where it begins in its row (`starting`), how many tokens it has, and its slab and slot; turn [tokens]: where in
# the tables its rotation is. Returns final states: those of the last token of each piece, [pieces, hidden], or of every token.
def read(self, ids: Tensor, positions: Tensor, starting: List[int], sizes: List[int], slabs: List[int], slots: List[int], begins: List[int], stems: List[int], every: bool, turn: Tensor, tables: List[Tensor], outer: List[Tensor], layers: List[Tensor], cache: List[Tensor]) -> Tensor:
  outer = self.all_typed(outer)
  layers = self.all_typed(layers)
  turns = annotate(List[Tensor], [])
  for table in tables:
    torch.append(turns, self.rotation(torch.index_select(table, 0, turn))) # [tokens, rotated]
  masks = annotate(List[Tensor], [])
  for piece in range(len(sizes)):
    torch.append(masks, self.piece_mask(starting[piece], sizes[piece], 0, ids))
    torch.append(masks, self.piece_mask(starting[piece], sizes[piece], $window, ids))
  x = self.embedding(ids.unsqueeze(0), positions.unsqueeze(0), outer) # [1, tokens, hidden]
  starts = $starts
  ends = $ends
  ropes = $ropes
  windowed = $windowed
  sparse = $sparse
  home = x
  for layer in range($layers):
    w = layers[starts[layer] : ends[layer]]
    if $split:
      x = self.beside(x, w[0])
      turns = self.all_beside(turns, w[0])
      masks = self.all_beside(masks, w[0])
    qkv = self.query_key_value(self.pre_norm(x, w), w, turns, ropes[layer]) # [1, heads, tokens, dim]
    parts = annotate(List[Tensor], [])
    first = 0
    for piece in range(len(sizes)):
      last = first + sizes[piece]
      at = starting[piece]
      keys = cache[2 * ($layers * slabs[piece] + layer)].select(0, slots[piece])
      values = cache[2 * ($layers * slabs[piece] + layer) + 1].select(0, slots[piece])
      k = qkv[1].slice(2, first, last)
      v = qkv[2].slice(2, first, last)
      begin = begins[slabs[piece]]
      prefix = annotate(List[Tensor], [])
      if begin > 0:
        stem = stems[slabs[piece]] + 2 * layer
        prefix = cache[stem : stem + 2]
      attended = self.attend_piece(qkv[0].slice(2, first, last), k, v, keys, values, prefix, at, begin, windowed[layer] * $window, masks[2 * piece + windowed[layer]])
      torch.append(parts, attended.transpose(1, 2).reshape([1, sizes[piece], -1]))
      self.keep_piece(k, keys, at - begin)
      self.keep_piece(v, values, at - begin)
      first = last
    x = self.residual_block(x, torch.cat(parts, 1), w, sparse[layer])
  if $split:
    x = self.beside(x, home)
  x = x.squeeze(0)
  if not every:
    tails = annotate(List[int], [])
    end = 0
    for size in sizes:
      end = end + size
      torch.append(tails, end - 1)
    x = torch.index_select(x, 0, torch.tensor(tails, dtype=4, device=x.device))
  return self.last_norm(x, outer)

# A slab of nothing yet: keys and values of each layer. Zeros, for what was never written is multiplied by a probability of 0, and 0 times NaN is
# NaN. ring: how many places a layer with a window has at most. Those of a layer lie where its weights do.
def empty_slab(self, slots: int, capacity: int, ring: int, layers: List[Tensor]) -> List[Tensor]:
  windowed = $windowed
  starts = $starts
  fresh = annotate(List[Tensor], [])
  for layer in range($layers):
    size = capacity
    if windowed[layer] != 0:
      size = min(capacity, ring)
    for side in range(2):
      torch.append(fresh, torch.zeros([slots, $kv_heads, size, $dim], dtype=$type, device=layers[starts[layer]].device))
  return fresh

# Places from `begin` on of slots of one slab, `length` of them, into those of another from `onto` on; origins, targets [rows].
def copy_slots(self, origin: List[Tensor], target: List[Tensor], origins: Tensor, begin: int, targets: Tensor, onto: int, length: int) -> Tensor:
  for i in range(len(origin)):
    kept = min(length, origin[i].size(2) - begin)
    if $split:
      origins = self.beside(origins, origin[i])
      targets = self.beside(targets, target[i])
    torch.index_copy_(target[i].slice(2, onto, onto + kept), 0, targets, torch.index_select(origin[i].slice(2, begin, begin + kept), 0, origins))
  return targets
