/// A teacher behind an OpenAI-compatible endpoint; for users: `docs/endpoints.md`.
///
/// Begin with [dev.socratic.generator.endpoint.EndpointModel]: LangChain4j writes the request and reads the answer; the
/// HTTP client under it is ours ([dev.socratic.generator.endpoint.OkHttpTransport]), so that everything that differs or
/// can go wrong on the way is dealt with in one place, as a chain of interceptors with one job each (ADR 6). From the
/// caller to the wire:
///
/// 1. `ShapeInterceptor`: the body as this endpoint takes it;
/// 2. `CacheInterceptor`, for distributions: an answer that is on disk is not asked for again (texts are kept by
///    `core.ask`);
/// 3. `RetryInterceptor`: what may pass is tried again (`ErrorSorter` says what an error means), after the wait that
///    was asked for or an exponential backoff with full jitter; fields that are refused by name are left out
///    (`Adjustments`);
/// 4. `PaceInterceptor`: requests and tokens per minute, and what the endpoint lets through (`Throttle`);
/// 5. `ConcurrencyInterceptor`: requests on the wire at once; a request that waits for a retry holds no place;
/// 6. `MeterInterceptor`: books every attempt, whatever becomes of it;
/// 7. `WholeBodyInterceptor`: reads the body to its end, within time and size, makes a strict answer of it
///    (`ChatAnswer`) or says why it is none, and takes out what may be written nowhere;
/// 8. `SigningInterceptor`: the only class that writes keys: headers, and the true address (`Credentials`).
///
/// Nothing above `SigningInterceptor` can leak a key, for nothing above it ever has it, and `WholeBodyInterceptor`
/// takes out what comes back. To add a concern, add an interceptor and its place in the list in `Wire`; to add a
/// dialect, a word in `FinishWords` or `ErrorSorter`, a form in `MessageText`.
///
/// [dev.socratic.generator.endpoint.EndpointDistributions] asks another thing over the same chain: what the model
/// expects at every token of given rows. What differs between the two is a `RequestKind`.
package dev.socratic.generator.endpoint;
