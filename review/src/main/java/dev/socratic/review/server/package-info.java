/// The web server of a review, by Javalin.
///
/// Begin with [dev.socratic.review.server.ReviewServer]. `Door` lets requests in, `RowApi` shows, `DecisionApi`
/// decides, `EventApi` tells open pages what happens, `PageFiles` gives out the page itself. Every address is described
/// in `docs/review.md`.
package dev.socratic.review.server;
