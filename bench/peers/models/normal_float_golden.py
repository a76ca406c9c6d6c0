"""Makes models/src/test/resources/bitsandbytes/nf4.safetensors: a matrix as bitsandbytes keeps it in NF4 with double quantisation.

    python normal_float_golden.py models/src/test/resources/bitsandbytes        (torch 2.7.1, bitsandbytes 0.50.2, on a processor)

The matrix [100, 192] is not stored: its numbers are those of a generator that both sides have, cubed, so that most are small. There are 300 blocks of
64 numbers, whose scales are two blocks of their own.
"""
import pathlib
import sys

import torch
from bitsandbytes import functional
from safetensors.torch import save_file

torch.set_num_threads(1)
state, numbers = 1, []
for _ in range(100 * 192):
    state = (state * 1103515245 + 12345) % 2**31
    x = torch.tensor(state / 2**31 - 0.5, dtype=torch.float32)
    numbers.append((x * x * x).item())
weight = torch.tensor(numbers, dtype=torch.float32).reshape(100, 192)
codes, said = functional.quantize_4bit(weight, blocksize=64, quant_type="nf4", compress_statistics=True)
wide = functional.dequantize_4bit(codes, said)
save_file({"codes": codes.reshape(100, 96), "scales": said.absmax, "around": torch.cat([said.offset.reshape(1), said.state2.absmax]),
           "levels": said.code, "map": said.state2.code, "every_64th": wide.reshape(-1)[::64].contiguous()},
          pathlib.Path(sys.argv[1]) / "nf4.safetensors")
