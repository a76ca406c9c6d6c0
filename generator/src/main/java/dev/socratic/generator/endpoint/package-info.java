/// A teacher behind an OpenAI-compatible endpoint.
///
/// Begin with [dev.socratic.generator.endpoint.EndpointModel]: LangChain4j writes the request and reads the answer;
/// the HTTP client under it is ours ([dev.socratic.generator.endpoint.OkHttpTransport]), so that everything that can
/// go wrong on the way is dealt with in one place, as a chain of interceptors with one job each. From the caller to
/// the wire:
///
/// 1. `CacheInterceptor`: an answer that is on disk is not asked for again;
/// 2. `RetryInterceptor`: 429, 5xx, time-outs, broken connections and bodies that are no answer are tried again,
///    after Retry-After or an exponential backoff with full jitter;
/// 3. `PaceInterceptor`: requests and tokens per minute;
/// 4. `ConcurrencyInterceptor`: requests on the wire at once; a request that waits for a retry holds no place;
/// 5. `WholeBodyInterceptor`: reads the body to its end, within time and size, and says whether it is an answer;
/// 6. `KeyInterceptor`: the only class that knows the key: it writes the header and cuts the key out of whatever the
///    server says.
///
/// Nothing above `KeyInterceptor` can leak the key, for nothing above it ever has it. To add a concern, add an
/// interceptor and its place in the list in `Wire`.
///
/// [dev.socratic.generator.endpoint.EndpointDistributions] asks another thing over the same chain: what the model
/// expects at every token of given rows. What differs between the two is a `Form`.
package dev.socratic.generator.endpoint;
