/// Local models: decoders on libtorch, their checkpoints, tokenizers and chat templates, text generation and scoring.
///
/// Begin with [dev.socratic.models.generate.LocalModel] to use a model folder, with
/// [dev.socratic.models.network.Decoder] to train one.
///
/// Axes are always written in full and in this order:
///
/// | word     | meaning                                                        |
/// |----------|----------------------------------------------------------------|
/// | batch    | sequences handled together                                     |
/// | seq      | positions of a sequence, padding included                      |
/// | tokens   | positions of all sequences in a row, padding left out          |
/// | hidden   | width of the residual stream                                   |
/// | heads    | attention heads; `kv_heads` where keys and values have fewer   |
/// | dim      | width of one head, usually hidden / heads                      |
/// | width    | inner width of the feed-forward part                           |
/// | vocab    | tokens a model knows                                           |
/// | layers   | decoder layers, counted from 0                                 |
/// | pairs    | compared items of two models or two answers                    |
package dev.socratic.models;
