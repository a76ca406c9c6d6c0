# Weights in 8 bits: whole numbers around zero, one scale a row.

# w [out, in], or [in, out] where `flat` is true -> codes int8 [out, in] from -127 to 127, scales [out]. A row of zeros keeps the scale 1.
def quantise(self, w: Tensor, flat: bool) -> List[Tensor]:
  rows = w
  if flat:
    rows = w.t().contiguous()
  largest = torch.amax(torch.abs(rows), [1])
  scales = torch.where(largest > 0., largest / 127., torch.ones_like(largest))
  codes = torch.clamp(torch.round(rows / scales.unsqueeze(1)), -127, 127)
  return [torch.to(codes, 1), scales]
