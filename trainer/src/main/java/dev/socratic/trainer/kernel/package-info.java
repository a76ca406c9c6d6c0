/// Formulas on tensors: tensors in, tensors out, no config reading. Begin with [dev.socratic.trainer.kernel.ObjectiveLoss]; the formulas stand in
/// `programs/distances.txt`.
package dev.socratic.trainer.kernel;
