package dev.socratic.models.rehearsal;

import java.util.Map;
import java.util.regex.Pattern;

/// What of a program's text has to be another for libtorch's device `meta`, where there are shapes and types but no
/// numbers.
public final class MetaText {
    /// Operators of which libtorch's meta device has no kernel, and what stands for each: others with its shapes, types
    /// and devices.
    private static final String STAND_INS = """

            def meta_index_select(self, x: Tensor, dim: int, index: Tensor) -> Tensor:
              rows = torch.index(torch.transpose(x, 0, dim), annotate(List[Optional[Tensor]], [index]))
              return torch.transpose(rows, 0, dim)

            def meta_abs(self, x: Tensor) -> Tensor:
              return torch.maximum(x, torch.neg(x))

            def meta_logical_or(self, a: Tensor, b: Tensor) -> Tensor:
              return torch.bitwise_or(torch.ne(a, 0), torch.ne(b, 0))

            def meta_logical_and(self, a: Tensor, b: Tensor) -> Tensor:
              return torch.bitwise_and(torch.ne(a, 0), torch.ne(b, 0))

            def meta_logical_not(self, x: Tensor) -> Tensor:
              return torch.eq(x, 0)

            def meta_where(self, c: Tensor, a: Tensor, b: Tensor) -> Tensor:
              return torch.maximum(torch.mul(c, a), b)

            def meta_relu(self, x: Tensor) -> Tensor:
              return torch.clamp_min(x, 0)

            def meta_isnan(self, x: Tensor) -> Tensor:
              return torch.ne(x, x)

            def meta_std(self, x: Tensor) -> Tensor:
              return torch.mean(x)

            def meta_cdist(self, a: Tensor, b: Tensor, p: float) -> Tensor:
              return torch.sum(torch.sub(a.unsqueeze(1), b.unsqueeze(0)), [-1])

            def meta_layer_norm(self, x: Tensor, axes: List[int], weight: Tensor, bias: Tensor, e: float) -> Tensor:
              return torch.add(torch.mul(x, weight), bias)

            def meta_logsumexp(self, x: Tensor, axes: List[int], keep: bool=False) -> Tensor:
              return torch.amax(x, axes, keep)

            def meta_embedding(self, table: Tensor, ids: Tensor) -> Tensor:
              return torch.index(table, annotate(List[Optional[Tensor]], [ids]))

            def meta_scaled_dot_product_attention(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor],\
             p: float=0., causal: bool=False, scale: Optional[float]=None) -> Tensor:
              y = torch.matmul(q, k.transpose(2, 3))
              if mask is not None:
                y = torch.add(y, torch.to(mask, ops.prim.dtype(y)))
              return torch.matmul(torch.softmax(y, -1), v)
            """;
    private static final Pattern NEEDED = Pattern.compile("\\btorch\\.(index_select|abs|logical_or|logical_and"
            + "|logical_not|where|relu|isnan|std|cdist|layer_norm|logsumexp|embedding"
            + "|scaled_dot_product_attention)\\(");
    private static final Map<String, String> LITERALLY = Map.of(
            "torch\\.triu_indices\\((\\w+), \\w+, 1, dtype=4, layout=None, device=x.device, pin_memory=False\\)",
            "torch.zeros([2, ($1 * ($1 - 1)) // 2], dtype=4, device=x.device)",
            "torch\\.searchsorted\\((\\w+), (\\w+), out_int32=False, right=True\\)", "torch.to($2 + torch.sum($1), 4)",
            "torch\\.bucketize\\((\\w+), (\\w+), out_int32=True\\)", "torch.to($1 + torch.sum($2), 3)",
            "ops\\.mkldnn\\._reorder_linear_weight\\((\\w+), 1\\)", "$1",
            "ops\\.mkldnn\\._linear_pointwise\\((\\w+), (\\w+), (\\w+), [^\\n]*\\)", "torch.linear($1, $2, $3)",
            "torch\\._convert_weight_to_int4pack_for_cpu\\(self.apart4\\((\\w+)\\), 1\\)", "torch.mul($1, 1)",
            "torch\\._weight_int(?:8pack_mm|4pack_mm_for_cpu)\\(rows, w\\[at\\], [^\\n]*\\)\\.view\\(shape\\)",
            "torch.zeros([rows.size(0), w[at].size(0)], dtype=15, device=rows.device).view(shape)",
            "torch\\.device\\(device\\)", "torch.device(\"meta\")",
            "rows = mine // (\\d+)", "rows = torch.to(torch.floor(torch.to(mine, 6) / $1), 4)",
            "torch\\._fused_adamw_\\([^\\n]*\\)", "torch._foreach_add_(weights, gradients)");

    /// How texts read a number, and one that it might have been: behind a read nothing runs on `meta`.
    private static final Map<String, String> READS = Map.of(
            "bool\\(torch\\.any\\(\\w+\\)\\)", "True",
            "bool\\(torch\\.all\\(\\w+\\)\\)", "False",
            "torch\\.to\\(torch\\.bincount\\([^\\n]*?, None, (\\d+)\\), torch\\.device\\(\"cpu\"\\), 4\\)",
            "torch.to(torch.arange(0, $1, dtype=4, device=torch.device(\"cpu\")) < chosen.numel(), 4)",
            "torch\\.is_grad_enabled\\(\\)", "False"); // no expert without tokens, of which meta makes an error

    private MetaText() {}

    /// @return the text with what stands for operators that `meta` lacks
    public static String of(String source) {
        String text = NEEDED.matcher(source).replaceAll("self.meta_$1(");
        for (Map.Entry<String, String> other : LITERALLY.entrySet()) {
            text = text.replaceAll(other.getKey(), other.getValue());
        }
        return text + STAND_INS;
    }

    /// @return the same with a number in the place of each that is read
    public static String blind(String text) {
        String blind = text;
        for (Map.Entry<String, String> read : READS.entrySet()) {
            blind = blind.replaceAll(read.getKey(), read.getValue());
        }
        return blind;
    }
}
