/// Weights on disk: safetensors in and out, single files and shards, and low-rank adapters; pickles are refused.
///
/// Begin with [dev.socratic.models.checkpoint.Checkpoint] to read a model folder and
/// [dev.socratic.models.checkpoint.CheckpointWriter] to write one; [dev.socratic.models.checkpoint.LoraAdapter]
/// merges an adapter into a base. Opening reads headers only. A tensor comes as float32, copied (`read`), or in its
/// own type, mapped (`stored`); raw bytes (`Safetensors.blocks`) need no tensor engine.
///
/// Everything here may come from a stranger: a damaged or hostile file is one line, and costs no memory that its own
/// size does not justify.
package dev.socratic.models.checkpoint;
