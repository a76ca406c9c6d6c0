/// What a training takes of a device's memory, before anything is loaded: pure functions from models' shapes, a
/// training's config and its objective to bytes by component. Begin with [TrainingMemory], which names the moments of a
/// step and what is there in each; [MemoryNeed] is the largest of them. [Switches] finds what to write where it does
/// not fit.
///
/// What a decoder takes, its weights and the passes through it, is [dev.socratic.models.network.DecoderMemory], beside
/// the program it is read off. Every other formula of a training's memory stands here, once. A component more: a
/// constant of [Component] and its bytes in [TrainingMemory]; `MemoryGridTest` measures.
package dev.socratic.trainer.plan.memory;
