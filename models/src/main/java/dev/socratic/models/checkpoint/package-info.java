/// Weights on disk: safetensors in and out, single files and shards; pickles are refused.
///
/// Begin with [dev.socratic.models.checkpoint.Checkpoint] to read a model folder and [dev.socratic.models.checkpoint.SafetensorsWriter] to
/// write one. Everything read is float32 in memory.
package dev.socratic.models.checkpoint;
