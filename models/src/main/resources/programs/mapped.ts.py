# Tensors out of a file that libtorch maps. The file is mapped from its beginning, for no offset can be given, but only what is touched is
# read. `path` holds the bytes of the file's name, `at` is [begin, end, dtype]: places counted in numbers of that dtype.

def file_name(self, path: Tensor) -> str:
  name = ""
  for i in range(torch.len(path)):
    name = torch.add(name, torch.chr(int(torch.select(path, 0, i))))
  return name

# The numbers as they lie in the file, without a copy. [numbers]
def stored(self, path: Tensor, at: Tensor) -> Tensor:
  end = int(torch.select(at, 0, 1))
  whole = torch.from_file(self.file_name(path), False, end, dtype=int(torch.select(at, 0, 2)))
  return torch.slice(whole, 0, int(torch.select(at, 0, 0)), end)

# The numbers as float32, copied, so that nothing of the mapping stays. [numbers]
def widened(self, path: Tensor, at: Tensor) -> Tensor:
  return torch.to(self.stored(path, at), 6, False, True)

# The smallest and the largest of floating-point numbers, float32, [2]; NaN where any of them is NaN. One pass, and nothing is kept.
def extremes(self, x: Tensor) -> Tensor:
  low, high, = torch.aminmax(torch.reshape(x, [-1]))
  return torch.to(torch.stack([low, high]), 6)
