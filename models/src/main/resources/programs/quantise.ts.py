# Weights in few bits, made of those in many.

# A matrix, [out, in], or [in, out] where `flat` is true -> [out, in]
def rows_of(self, w: Tensor, flat: bool) -> Tensor:
  if flat:
    y = w.t().contiguous()
  else:
    y = w
  return y

# 8 bits: whole numbers around zero, one scale a row. codes int8 [out, in] from -127 to 127, scales [out]. A row of zeros keeps the scale 1.
def quantise8(self, w: Tensor, flat: bool) -> List[Tensor]:
  rows = self.rows_of(w, flat)
  largest = torch.amax(torch.abs(rows), [1])
  scales = torch.where(largest > 0., largest / 127., torch.ones_like(largest))
  codes = torch.clamp(torch.round(rows / scales.unsqueeze(1)), -127, 127)
  return [torch.to(codes, 1), scales]

# 4 bits: 16 equal steps from the smallest to the largest number of each `group` of a row. Step and middle are bfloat16, as the kernel takes them, and
# codes are chosen for them as they were rounded. codes uint8 [out, in / 2], of two neighbours the first in the low half; scales [in / group, out, 2].
def quantise4(self, w: Tensor, flat: bool, group: int) -> List[Tensor]:
  rows = self.rows_of(w, flat)
  groups = rows.reshape([rows.size(0), -1, group]) # [out, in / group, group]
  low = torch.amin(groups, [2])
  high = torch.amax(groups, [2])
  step = torch.to(torch.to(torch.clamp_min((high - low) / 15., 1e-12), 15), 6)
  middle = torch.to(torch.to(low + 8. * step, 15), 6)
  codes = torch.clamp(torch.round((groups - middle.unsqueeze(2)) / step.unsqueeze(2) + 8.), 0, 15)
  pairs = torch.to(codes, 0).reshape([rows.size(0), -1, 2]) # [out, in / 2, 2]
  halves = torch.add(pairs.select(2, 0), torch.mul(pairs.select(2, 1), 16))
  return [halves, torch.to(torch.stack([step.t(), middle.t()], 2), 15).contiguous()]

# Each number [.., n] -> which level is nearest, the levels sorted, [levels]
def nearest(self, x: Tensor, levels: Tensor) -> Tensor:
  middles = (torch.slice(levels, 0, 0, -1) + torch.slice(levels, 0, 1)) / 2.
  y = torch.zeros_like(x, dtype=0)
  for i in range(middles.size(0)): # a bucketize, which has no rehearsal on meta
    y = torch.add_(y, torch.to(torch.gt(x, torch.select(middles, 0, i)), 0))
  return y

# Parts of one absolute largest each: [n, part] -> x / largest, and the largest, [n]
def stretched(self, x: Tensor) -> List[Tensor]:
  largest = torch.amax(torch.abs(x), [1])
  return [torch.clamp(x * torch.reciprocal(torch.clamp_min(largest, 1e-38)).unsqueeze(1), -1., 1.), largest]

# NF4, codes and scales as models.network.Weight says. `book` [256, 3]: the levels are its second column's first 16, those of scales its third column.
def quantise_normal(self, w: Tensor, flat: bool, book: Tensor) -> List[Tensor]:
  rows = self.rows_of(w, flat)
  numbers, largest, = self.stretched(rows.reshape([-1, 64])) # [blocks, 64], [blocks]
  pairs = self.nearest(numbers, torch.slice(torch.select(book, 1, 1), 0, 0, 16)).reshape([rows.size(0), -1, 2]) # [out, in / 2, 2]
  codes = torch.add(torch.mul(pairs.select(2, 0), 16), pairs.select(2, 1))
  mean = torch.mean(largest)
  blocks = largest.size(0)
  around = torch.constant_pad_nd(largest - mean, [0, torch.remainder(-blocks, 256)]).view([-1, 256]) # [blocks / 256, 256]
  shares, most, = self.stretched(around)
  scales = torch.slice(self.nearest(shares, torch.select(book, 1, 2).contiguous()).view([-1]), 0, 0, blocks)
  return [codes, scales.contiguous(), torch.cat([mean.unsqueeze(0), most]), book]

# codes of 4 bits, two in each [out, in / 2] -> one in each, int32 [out, in]
def apart4(self, codes: Tensor) -> Tensor:
  both = torch.stack([torch.bitwise_and(codes, 15), torch.bitwise_right_shift(codes, 4)], 2) # [out, in / 2, 2]
  return torch.to(both.reshape([codes.size(0), -1]), 3)

# The same as the processor's kernel takes them, in blocks of 64 rows: see `unblocked4` in linear.ts.py.
def block4(self, codes: Tensor) -> Tensor:
  return torch._convert_weight_to_int4pack_for_cpu(self.apart4(codes), 1)

# codes [64, in / 2] in blocks, and each code where linear.ts.py looks for it, int32 [in, 64]: the two agree where this processor's blocks are of 64 rows.
def trial4(self, codes: Tensor) -> List[Tensor]:
  blocks = self.block4(codes).view([-1, 32]) # [in, 32]
  found = torch.cat([torch.bitwise_and(blocks, 15), torch.bitwise_right_shift(blocks, 4)], 1) # [in, 64]
  return [torch.to(found, 3), self.apart4(codes).t()]
