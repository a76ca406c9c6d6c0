package dev.socratic.eval.stats;

/// The inverse of a small matrix.
final class SquareMatrix {
    private SquareMatrix() {}

    /// By Gauss and Jordan with the largest pivot of each column.
    ///
    /// @param matrix square, not singular; is left as it is
    static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] left = new double[n][];
        double[][] right = new double[n][n];
        for (int i = 0; i < n; i++) {
            left[i] = matrix[i].clone();
            right[i][i] = 1;
        }
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                pivot = Math.abs(left[row][column]) > Math.abs(left[pivot][column]) ? row : pivot;
            }
            swap(left, column, pivot);
            swap(right, column, pivot);
            double by = left[column][column];
            for (int j = 0; j < n; j++) {
                left[column][j] /= by;
                right[column][j] /= by;
            }
            for (int row = 0; row < n; row++) {
                double times = row == column ? 0 : left[row][column];
                for (int j = 0; j < n; j++) {
                    left[row][j] -= times * left[column][j];
                    right[row][j] -= times * right[column][j];
                }
            }
        }
        return right;
    }

    private static void swap(double[][] rows, int one, int other) {
        double[] held = rows[one];
        rows[one] = rows[other];
        rows[other] = held;
    }
}
