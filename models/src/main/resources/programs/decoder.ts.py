# The decoder, in TorchScript, read from top to bottom. Axes: batch, seq, hidden, heads, dim (= hidden per head), vocab, layers.
#
# Names with a dollar sign are the architecture: Constants.java puts numbers in their place before the text is compiled, so that a model pays
# nothing for what it lacks. Among them are the places of the weights, which come as the checkpoint holds them in two lists: `outer` (embedding,
# last norm, head, ...) and `layers` (one layer after the other, from $starts to $ends). A place of -1 says that the family has no such weight.
# What lies in a place, its $.._kind, is for `linear` (linear.ts.py) to know, which every product goes through; the bias of a norm follows it.

# Numbers: what flows through the layers is of one type, $type (6 float32, 15 bfloat16, 5 float16), and weights of another are rounded to it
# where they are used. Norms, routers, bounded scores, softmaxes that are written out, logits and everything handed out beside the states are
# float32, as the reference has them. In float32 none of these casts does anything.

# In the type that is computed in.
def typed(self, x: Tensor) -> Tensor:
  return torch.to(x, $type)

def float32(self, x: Tensor) -> Tensor:
  return torch.to(x, 6)

# Matrices of another type are rounded once for many tokens; codes of 8 bits and their scales stay what they are.
def all_typed(self, weights: List[Tensor]) -> List[Tensor]:
  if $half:
    y = annotate(List[Tensor], [])
    for weight in weights:
      if torch.is_floating_point(weight) and weight.dim() > 1:
        torch.append(y, self.typed(weight))
      else:
        torch.append(y, weight)
  else:
    y = weights
  return y

# A table of rotations, in the type it is multiplied in.
def rotation(self, table: Tensor) -> Tensor:
  if $wide:
    y = table
  else:
    y = self.typed(table)
  return y

# Root-mean-square or layer norm over the last axis. The weight multiplies in float32 before the result is rounded, or, in the families that
# took this over from Llama, what is rounded already.
def norm(self, x: Tensor, w: List[Tensor], at: int) -> Tensor:
  weight = self.typed(w[at])
  if $layer_norm:
    y = torch.layer_norm(x, [x.size(-1)], weight, self.typed(w[at + 1]), $epsilon)
  elif $norm_plus_one:
    y = self.typed(torch.rms_norm(self.float32(x), [x.size(-1)], self.float32(weight) + 1, $epsilon))
  elif $half and not $wide:
    y = torch.rms_norm(x, [x.size(-1)], None, $epsilon) * weight
  else:
    y = torch.rms_norm(x, [x.size(-1)], weight, $epsilon)
  return y

# Rotary position embedding: the halves of what turns are the two coordinates of a rotation. Tables broadcast against
# [batch, heads, seq, rotated]; rope -1 turns nothing.
def rotate(self, x: Tensor, tables: List[Tensor], rope: int) -> Tensor:
  if rope < 0:
    y = x
  elif $rotated == $dim:
    first, second, = torch.chunk(x, 2, -1)
    y = x * tables[2 * rope] + torch.cat([-second, first], -1) * tables[2 * rope + 1]
  else:
    turning = x.slice(3, 0, $rotated)
    first, second, = torch.chunk(turning, 2, -1)
    turned = turning * tables[2 * rope] + torch.cat([-second, first], -1) * tables[2 * rope + 1]
    y = torch.cat([turned, x.slice(3, $rotated)], -1)
  return self.typed(y)

# Queries [batch, heads, seq, dim], keys and values [batch, kv_heads, seq, dim] of normed activations; queries and keys turned.
def query_key_value(self, h: Tensor, w: List[Tensor], tables: List[Tensor], rope: int) -> List[Tensor]:
  if $query_key_value >= 0:
    joint = self.linear(h, w, $query_key_value, $query_key_value_kind)
    q = self.split(joint.slice(2, 0, $queries))
    k = self.split(joint.slice(2, $queries, $queries + $keys))
    v = self.split(joint.slice(2, $queries + $keys))
  elif $query_key_value_by_head >= 0:
    joint = self.linear(h, w, $query_key_value_by_head, $query_key_value_by_head_kind)
    parts = torch.chunk(joint.view([h.size(0), h.size(1), -1, 3 * $dim]).transpose(1, 2), 3, -1)
    q = parts[0]
    k = parts[1]
    v = parts[2]
  elif $wholes_normed:
    q = self.split(self.norm(self.linear(h, w, $query, $query_kind), w, $query_norm))
    k = self.split(self.norm(self.linear(h, w, $key, $key_kind), w, $key_norm))
    v = self.split(self.linear(h, w, $value, $value_kind))
  else:
    q = self.split(self.linear(h, w, $query, $query_kind))
    k = self.split(self.linear(h, w, $key, $key_kind))
    v = self.split(self.linear(h, w, $value, $value_kind))
  if $heads_normed:
    q = self.norm(q, w, $query_norm)
    k = self.norm(k, w, $key_norm)
  return [self.rotate(q, tables, rope), self.rotate(k, tables, rope), v]

# Key or value heads repeated so that each query head has its own: [batch, kv_heads, seq, dim] -> [batch, heads, seq, dim]
def repeat_kv(self, x: Tensor, heads: int) -> Tensor:
  groups = heads // x.size(1)
  if groups == 1:
    y = x
  else:
    y = x.unsqueeze(2).expand([-1, -1, groups, -1, -1]).reshape([x.size(0), heads, x.size(2), x.size(3)])
  return y

# Scaled dot products, bounded where the family bounds them: [batch, heads, seq, seq], float32
def scores(self, q: Tensor, keys: Tensor) -> Tensor:
  return self.soft_cap(self.float32(torch.matmul(q, keys.transpose(2, 3))) / $divisor, $soft_cap)

# What queries take from the values they see; mask is added to the scores.
def attend(self, q: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
  if $soft_cap > 0.:
    y = torch.matmul(self.typed(torch.softmax(self.scores(q, keys) + mask, -1)), values)
  else:
    y = torch.scaled_dot_product_attention(q, keys, values, mask, 0., False, scale=$scale)
  return y

# down(activation(gate(x)) * up(x)), or down(activation(up(x))) without a gate
def mlp(self, x: Tensor, w: List[Tensor]) -> Tensor:
  if $gate_up >= 0:
    gate, up, = torch.chunk(self.linear(x, w, $gate_up, $gate_up_kind), 2, -1)
    inner = self.activate(gate) * up
  elif $gated:
    inner = self.activate(self.linear(x, w, $gate, $gate_kind)) * self.linear(x, w, $up, $up_kind)
  else:
    inner = self.activate(self.linear(x, w, $up, $up_kind))
  return self.linear(inner, w, $down, $down_kind)

# A mixture of experts: each token goes through those that its router likes best, and their answers are mixed by the router's shares.
# While a graph is kept every expert is called, with no tokens if need be, so that each weight has a gradient.
def mixture_of_experts(self, x: Tensor, w: List[Tensor]) -> Tensor:
  flat = x.reshape([-1, x.size(-1)])
  shares, chosen, = torch.topk(torch.softmax(self.float32(self.linear(flat, w, $router, $router_kind)), -1), $experts_per_token)
  if $shares_renormalized:
    shares = shares / torch.sum(shares, [-1], True)
  shares = self.typed(shares)
  # Choices sorted by expert. How many each has is the one thing that is read of what was computed, once a layer and not once an expert.
  sorted, order, = torch.sort(chosen.reshape([-1]), stable=True, dim=0, descending=False)
  calls = torch.to(torch.bincount(chosen.reshape([-1]), None, $experts), torch.device("cpu"), 4)
  every = shares.reshape([-1])
  y = torch.zeros_like(flat)
  first = 0
  for expert in range($experts):
    count = int(calls[expert])
    if count > 0 or torch.is_grad_enabled():
      at = $expert_span * expert
      mine = order.slice(0, first, first + count)
      rows = mine // $experts_per_token
      share = torch.index_select(every, 0, mine)
      own = torch.index_select(flat, 0, rows)
      inner = self.activate(self.linear(own, w, $expert_gate + at, $expert_gate_kind)) * self.linear(own, w, $expert_up + at, $expert_up_kind)
      answer = self.linear(inner, w, $expert_down + at, $expert_down_kind)
      y = torch.index_add(y, 0, rows, answer * share.unsqueeze(1))
    first = first + count
  return y.view(x.size())

# The residual stream after a layer: x [batch, seq, hidden] before it; attended [batch, seq, heads * dim], the output of
# its attention heads.
def residual_block(self, x: Tensor, attended: Tensor, w: List[Tensor], sparse: int) -> Tensor:
  attention = self.linear(attended, w, $output, $output_kind)
  if $after_attention >= 0:
    attention = self.norm(attention, w, $after_attention)
  if $residual_scale != 1.:
    attention = attention * $residual_scale
  residual = x + attention
  if $parallel:
    h = x
  else:
    h = residual
  if $before_feed_forward >= 0:
    h = self.norm(h, w, $before_feed_forward)
  if sparse != 0:
    update = self.mixture_of_experts(h, w)
  else:
    update = self.mlp(h, w)
  if $after_feed_forward >= 0:
    update = self.norm(update, w, $after_feed_forward)
  if $residual_scale != 1.:
    update = update * $residual_scale
  return residual + update

# What the attention of a layer reads.
def pre_norm(self, x: Tensor, w: List[Tensor]) -> Tensor:
  if $before_attention >= 0:
    y = self.norm(x, w, $before_attention)
  else:
    y = x
  return y

# Rows of the embedding, and of the positions where they are learned: ids and positions alike in shape, or positions [seq]
def embedding(self, ids: Tensor, at: Tensor, outer: List[Tensor]) -> Tensor:
  x = self.typed(self.looked_up(ids, outer, $embedding, $embedding_kind))
  if $embedding_scale != 1.:
    x = x * $embedding_scale
  if $positions >= 0:
    x = x + self.typed(torch.embedding(outer[$positions], at))
  return x

# States that the head turns into logits.
def last_norm(self, x: Tensor, outer: List[Tensor]) -> Tensor:
  y = self.norm(x, outer, $last_norm)
  if $logit_divisor != 1.:
    y = y / $logit_divisor
  return y

# What whole rows take from what they see of themselves. q [batch, heads, seq, dim]; k and v [batch, kv_heads, seq, dim]; unseen [seq, seq]: true where a
# position does not see another, read where `cut` says that more than the later ones are hidden, or where scores are written out.
# Returns [batch, seq, heads * dim]; then, where they were written out, scores and probabilities.
def attention_of_rows(self, q: Tensor, k: Tensor, v: Tensor, unseen: Tensor, cut: bool, explicit: bool) -> List[Tensor]:
  keys = self.repeat_kv(k, q.size(1))
  values = self.repeat_kv(v, q.size(1))
  scores = q
  probabilities = q
  if explicit:
    # The fused kernel never forms the scores, so a layer whose scores are asked for takes the long way.
    scores = self.scores(q, keys)
    probabilities = torch.softmax(torch.masked_fill(scores, unseen, float("-inf")), -1)
    attended = torch.matmul(self.typed(probabilities), values)
  elif cut:
    attended = torch.scaled_dot_product_attention(q, keys, values, torch.logical_not(unseen), 0., False, scale=$scale)
  else:
    attended = torch.scaled_dot_product_attention(q, keys, values, None, 0., True, scale=$scale)
  return [attended.transpose(1, 2).reshape([q.size(0), q.size(2), -1]), scores, probabilities]

# [1, heads, tokens, dim] of rows that lie end to end -> for each group of rows [rows, heads, length, dim]: see `states_end_to_end`
def grouped(self, x: Tensor, cells: Tensor, groups: List[int]) -> List[Tensor]:
  flat = x.squeeze(0).transpose(0, 1) # [tokens, heads, dim]
  sizes = annotate(List[int], [])
  count = 0
  for i in range(len(groups) // 2):
    torch.append(sizes, groups[2 * i] * groups[2 * i + 1])
    count = count + sizes[-1]
  if torch.numel(cells) > 0:
    flat = torch.index_copy(torch.zeros([count, x.size(1), x.size(3)], dtype=x.dtype, device=x.device), 0, cells, flat) # [cells, heads, dim]
  y = annotate(List[Tensor], [])
  parts = torch.split_with_sizes(flat, sizes, 0)
  for i in range(len(parts)):
    torch.append(y, parts[i].view([groups[2 * i], groups[2 * i + 1], x.size(1), x.size(3)]).transpose(1, 2))
  return y

# What rows that lie end to end take, each of itself alone: [1, heads, tokens, dim] -> [1, tokens, heads * dim]. unseen [longest, longest]
def attention_end_to_end(self, q: Tensor, k: Tensor, v: Tensor, unseen: Tensor, cut: bool, cells: Tensor, groups: List[int]) -> Tensor:
  queries = self.grouped(q, cells, groups)
  keys = self.grouped(k, cells, groups)
  values = self.grouped(v, cells, groups)
  y = annotate(List[Tensor], [])
  for i in range(len(queries)):
    length = queries[i].size(2)
    hidden = unseen
    if cut or $soft_cap > 0.:
      hidden = unseen.slice(0, 0, length).slice(1, 0, length)
    own = self.attention_of_rows(queries[i], keys[i], values[i], hidden, cut and length > $window, $soft_cap > 0.)[0]
    torch.append(y, own.view([-1, own.size(2)]))
  if len(y) == 1:
    all = y[0]
  else:
    all = torch.cat(y, 0)
  if torch.numel(cells) > 0:
    all = torch.index_select(all, 0, cells)
  return all.unsqueeze(0)

# The stream x [batch, seq, hidden] through the layers from `first` up to but without `last`; what `taps` asks for of them, float32, then the
# stream. Tables and taps as in `states`; cells and groups as in `states_end_to_end`, no groups where rows lie side by side.
def run_layers(self, x: Tensor, first: int, last: int, tables: List[Tensor], layers: List[Tensor], taps: List[bool], cells: Tensor, groups: List[int]) -> List[Tensor]:
  seq = x.size(1)
  if len(groups) > 0:
    seq = groups[1]
  home = x # where the layers of a model lie on several devices, all but the stream comes from here, and it comes back
  signals = annotate(List[Tensor], [])
  rotations = annotate(List[Tensor], [])
  for table in tables:
    torch.append(rotations, self.rotation(table))
  tapped = len(taps) > 0
  starts = $starts
  ends = $ends
  ropes = $ropes
  windowed = $windowed
  sparse = $sparse
  # Position i does not see j: j is later, or, where there is a window, too long ago.
  near = $window > 0 and seq > $window
  future = x
  far = x
  if tapped or near or $soft_cap > 0.:
    future = torch.triu(torch.ones([seq, seq], dtype=11, device=x.device), 1)
    far = future
    if near:
      far = torch.logical_or(future, torch.tril(torch.ones([seq, seq], dtype=11, device=x.device), -$window))
  for step in range(last - first):
    layer = first + step
    w = layers[starts[layer] : ends[layer]]
    if $split:
      x = self.beside(x, w[0])
      rotations = self.all_beside(rotations, w[0])
      future = self.beside(future, w[0])
      far = self.beside(far, w[0])
      cells = self.beside(cells, w[0])
    row = 6 * (layer + 1)
    qkv = self.query_key_value(self.pre_norm(x, w), w, rotations, ropes[layer])
    explicit = $soft_cap > 0.
    if tapped:
      explicit = explicit or taps[row + 4] or taps[row + 5]
    cut = near and windowed[layer] != 0
    unseen = future
    if cut:
      unseen = far
    if len(groups) > 0:
      seen = [self.attention_end_to_end(qkv[0], qkv[1], qkv[2], unseen, cut, cells, groups), x, x]
    else:
      seen = self.attention_of_rows(qkv[0], qkv[1], qkv[2], unseen, cut, explicit)
    x = self.residual_block(x, seen[0], w, sparse[layer])
    if tapped:
      kinds = [x, qkv[0], qkv[1], qkv[2], seen[1], seen[2]]
      for kind in range(6):
        if taps[row + kind]:
          torch.append(signals, self.float32(kinds[kind]))
  torch.append(signals, x)
  if $split:
    signals = self.all_beside(signals, home)
  return signals

# Final hidden states, after the last norm, and before them in the list what was asked for, float32.
#
# ids [batch, seq]; tables: cosines and sines of each rope, [seq, rotated], or [batch, 1, seq, rotated] where rows differ;
# taps, 6 for each of layers + 1, or none at all: what else to return, in this order, layer by layer (the first six are the embedding's, the first of them):
#   0 hidden after the layer, 1 queries, 2 keys, 3 values, 4 attention scores, 5 attention probabilities
# Sequences are padded on the right, so the causal mask alone keeps every real position from seeing padding.
def states(self, ids: Tensor, tables: List[Tensor], outer: List[Tensor], layers: List[Tensor], taps: List[bool]) -> List[Tensor]:
  x = self.embedding_of_rows(ids, outer)
  signals = annotate(List[Tensor], [])
  if len(taps) > 0:
    if taps[0]:
      torch.append(signals, self.float32(x))
  inner = self.run_layers(x, 0, $layers, tables, layers, taps, x, annotate(List[int], []))
  for i in range(len(inner) - 1):
    torch.append(signals, inner[i])
  torch.append(signals, self.last_norm(inner[-1], outer))
  return signals

# Final hidden states of rows that lie end to end, the longest first, so that nothing is padding: ids [1, tokens] -> [1, tokens, hidden]. What comes
# out at a row depends on that row alone.
#
# positions [tokens]: of each token in its row; tables: cosines and sines of each rope, [n, rotated]; turns [tokens]: the row of them that turns a
# token; groups: rows that are read together in attention, as a grid [rows, length] each, written as two numbers; where a row is shorter than its
# group, cells [tokens] says which cell of the grids, one behind the other, each token stands in, and is empty where they are filled.
def states_end_to_end(self, ids: Tensor, positions: Tensor, turns: Tensor, cells: Tensor, groups: List[int], tables: List[Tensor], outer: List[Tensor], layers: List[Tensor]) -> Tensor:
  return self.last_norm(self.run_end_to_end(self.embedding(ids, positions, outer), 0, $layers, turns, cells, groups, tables, layers), outer)

# Their stream through some layers, [1, tokens, hidden].
def run_end_to_end(self, x: Tensor, first: int, last: int, turns: Tensor, cells: Tensor, groups: List[int], tables: List[Tensor], layers: List[Tensor]) -> Tensor:
  turned = annotate(List[Tensor], [])
  for table in tables:
    torch.append(turned, torch.index_select(table, 0, turns)) # [tokens, rotated]
  return self.run_layers(self.typed(x), first, last, turned, layers, annotate(List[bool], []), cells, groups)[-1]

# The same way in parts, for what is changed between them.

def embedding_of_rows(self, ids: Tensor, outer: List[Tensor]) -> Tensor:
  return self.embedding(ids, torch.arange(0, ids.size(1), dtype=4, device=ids.device), outer)

# first: a layer; last: the one before which to stop
def run_span(self, x: Tensor, first: int, last: int, tables: List[Tensor], layers: List[Tensor], taps: List[bool]) -> List[Tensor]:
  return self.run_layers(self.typed(x), first, last, tables, layers, taps, x, annotate(List[int], []))

def add_noise(self, x: Tensor, noise: Tensor) -> Tensor:
  return x + self.typed(noise)

# Some positions of x get what other positions hold in `source`: places and origins [n], in the flattened [batch * seq]
def exchange_positions(self, x: Tensor, places: Tensor, source: Tensor, origins: Tensor) -> Tensor:
  rows = self.typed(torch.index_select(source.reshape([-1, source.size(-1)]), 0, origins))
  return torch.index_copy(x.reshape([-1, x.size(-1)]), 0, places, rows).view(x.size())

def finish(self, x: Tensor, outer: List[Tensor]) -> Tensor:
  return self.last_norm(self.typed(x), outer)

# The start of the way back through some layers: one number, whose gradient in their stream `out` is `gradient`, and in each signal its slope. A
# gradient may have been made without graph, and only a copy of it may become part of one.
def joined(self, out: Tensor, gradient: Tensor, signals: List[Tensor], slopes: List[Tensor]) -> Tensor:
  number = torch.sum(self.float32(out) * self.float32(torch.clone(gradient)))
  for i in range(len(signals)):
    number = number + torch.sum(signals[i] * torch.clone(slopes[i]))
  return number

# The same numbers in memory of their own.
def apart(self, x: Tensor) -> Tensor:
  return torch.clone(x)
