# Tensors out of a file that libtorch maps. The file is mapped from its beginning, for no offset can be given, but only what is touched is
# read. `path` holds the bytes of the file's name; begin, end: places counted in numbers of `dtype`. A file is the processor's: what goes elsewhere
# is copied.

def file_name(self, path: List[int]) -> str:
  name = ""
  for byte in path:
    name = torch.add(name, torch.chr(byte))
  return name

# The numbers as they lie in the file, without a copy. [numbers]
def stored(self, path: List[int], begin: int, end: int, dtype: int) -> Tensor:
  return torch.slice(torch.from_file(self.file_name(path), False, end, dtype=dtype), 0, begin, end)

# The numbers in the type `wanted`, copied to where `like` lies, so that nothing of the mapping stays. [numbers]
def copied(self, path: List[int], begin: int, end: int, dtype: int, wanted: int, like: Tensor) -> Tensor:
  return torch.to(self.stored(path, begin, end, dtype), like.device, wanted, False, True)

# On a device by its name, such as cuda:1, in the type they have.
def moved(self, x: Tensor, device: str) -> Tensor:
  return torch.to(x, torch.device(device), ops.prim.dtype(x), False, False)

# Numbers in memory in another type.
def rounded(self, x: Tensor, wanted: int) -> Tensor:
  return torch.to(x, wanted)

# The smallest and the largest of floating-point numbers, float32, [2]; NaN where any of them is NaN. One pass, and nothing is kept.
def extremes(self, x: Tensor) -> Tensor:
  low, high, = torch.aminmax(torch.reshape(x, [-1]))
  return torch.to(torch.stack([low, high]), 6)

# Numbers that lie in a file, where what changes them changes the file: it is made where it is too short. [numbers]
def shared(self, path: List[int], numbers: int, dtype: int) -> Tensor:
  return torch.from_file(self.file_name(path), True, numbers, dtype=dtype)

# Fills a target [numbers] with as many numbers of any shape.
def fill(self, target: Tensor, x: Tensor) -> Tensor:
  return torch.copy_(target, x.reshape([-1]))

# A copy where `like` lies, in a shape.
def taken(self, stored: Tensor, like: Tensor, shape: List[int]) -> Tensor:
  return torch.to(stored, like.device, ops.prim.dtype(stored), False, True).view(shape)

# The array lies in nothing, or in other memory [numbers], in a shape, from now on.
def unmap(self, x: Tensor) -> Tensor:
  return torch.set_(x, torch.zeros([0], dtype=ops.prim.dtype(x), device=x.device))

def lie(self, x: Tensor, memory: Tensor, shape: List[int]) -> Tensor:
  return torch.set_(x, memory.view(shape))
