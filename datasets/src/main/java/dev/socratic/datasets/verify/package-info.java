/// Judging the final answers in any file of rows: [dev.socratic.datasets.verify.Verification].
package dev.socratic.datasets.verify;
