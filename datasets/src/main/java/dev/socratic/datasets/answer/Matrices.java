package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathTerm.Matrix;
import dev.socratic.datasets.answer.MathTerm.Product;
import dev.socratic.datasets.answer.MathTerm.Sum;
import java.util.ArrayList;
import java.util.List;

/// Sums and products of matrices, carried out on terms; their elements stay formulas.
final class Matrices {
    private Matrices() {}

    /// @return the matrix, where the term is a sum or product of matrices of fitting sizes (and numbers before them);
    ///         the term itself otherwise
    static MathTerm evaluated(MathTerm term) {
        return switch (term) {
            case Sum sum when sum.terms().stream().map(Matrices::evaluated).allMatch(Matrix.class::isInstance) ->
                sum.terms().stream().map(Matrices::evaluated).reduce((a, b) -> plus((Matrix) a, (Matrix) b))
                        .orElse(term);
            case Product product when product.factors().stream().anyMatch(Matrix.class::isInstance) ->
                product.factors().stream().reduce(Matrices::times).orElse(term);
            case MathTerm other -> other;
        };
    }

    private static Matrix plus(Matrix a, Matrix b) {
        if (a.rows().size() != b.rows().size() || width(a) != width(b)) {
            throw new Refusal("a sum of matrices of different sizes");
        }
        List<List<MathTerm>> rows = new ArrayList<>();
        for (int i = 0; i < a.rows().size(); i++) {
            List<MathTerm> row = new ArrayList<>();
            for (int j = 0; j < width(a); j++) {
                row.add(new Sum(List.of(a.rows().get(i).get(j), b.rows().get(i).get(j))));
            }
            rows.add(row);
        }
        return new Matrix(rows);
    }

    private static MathTerm times(MathTerm a, MathTerm b) {
        if (!(b instanceof Matrix right)) {
            return a instanceof Matrix ? times(b, a) : new Product(List.of(a, b));
        }
        if (!(a instanceof Matrix left)) {
            return new Matrix(right.rows().stream()
                    .map(row -> row.stream().map(cell -> (MathTerm) new Product(List.of(a, cell))).toList())
                    .toList());
        }
        if (width(left) != right.rows().size()) {
            throw new Refusal("a product of matrices of sizes that do not fit");
        }
        List<List<MathTerm>> rows = new ArrayList<>();
        for (List<MathTerm> row : left.rows()) {
            List<MathTerm> cells = new ArrayList<>();
            for (int j = 0; j < width(right); j++) {
                List<MathTerm> terms = new ArrayList<>();
                for (int k = 0; k < row.size(); k++) {
                    terms.add(new Product(List.of(row.get(k), right.rows().get(k).get(j))));
                }
                cells.add(new Sum(terms));
            }
            rows.add(cells);
        }
        return new Matrix(rows);
    }

    /// @throws Refusal if the rows are not all of one length
    private static int width(Matrix matrix) {
        int width = matrix.rows().isEmpty() ? 0 : matrix.rows().getFirst().size();
        if (!matrix.rows().stream().allMatch(row -> row.size() == width)) {
            throw new Refusal("a matrix whose rows differ in length");
        }
        return width;
    }
}
