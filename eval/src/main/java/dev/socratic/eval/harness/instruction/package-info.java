/// Whether a text follows instructions that can be checked without a judge: IFEval, Zhou et al. 2023, arXiv:2311.07911,
/// verdict for verdict that of lm-evaluation-harness 0.4.13, with its sentences (Punkt), words (Treebank) and
/// languages.
///
/// Begin with [dev.socratic.eval.harness.instruction.Instructions]; a further kind is an entry of its table.
package dev.socratic.eval.harness.instruction;
