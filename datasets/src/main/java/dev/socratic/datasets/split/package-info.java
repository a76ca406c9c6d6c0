/// Cuts of a data set that stay as they are when rows are added: [dev.socratic.datasets.split.Splits].
package dev.socratic.datasets.split;
