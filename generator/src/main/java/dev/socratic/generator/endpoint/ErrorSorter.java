package dev.socratic.generator.endpoint;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What to do about a server's error: decided by status, then by header and code, and only then by prose.
///
/// A window (Retry-After, "retry in 1 s") makes a rate limit of whatever else is said. Without one, what is used up
/// for longer is told by codes, or by words about money.
sealed interface ErrorSorter {
    /// Slow down, and ask again.
    record Limited(Optional<Duration> window) implements ErrorSorter {}

    /// Ask again: it fell over.
    record Passing(Optional<Duration> window) implements ErrorSorter {}

    /// Nobody pays; minutes of waiting do not mend that.
    record Unpaid() implements ErrorSorter {}

    /// 401, 407, or a 403 that says it is the key.
    record Key() implements ErrorSorter {}

    /// It refuses this request: the prompt, its length, the model's name.
    record Refused(Why why) implements ErrorSorter {}

    /// What it refuses about it.
    enum Why { REDIRECTED, UNKNOWN, FORBIDDEN, FLAGGED, TOO_LONG, OTHER }

    Set<String> LIMIT = Set.of(
            "rate_limit", "rate_limited", "rate_limit_error", "rate_limit_exceeded", "rate_limit_reached",
            "too_many_requests", "resource_exhausted", "throttled", "throttling", "throttling_exception",
            "throttling_rate_quota", "request_limit_exceeded", "requests_limit_exceeded", "tokens_limit_exceeded",
            "rate_limit_reached_error", "model_rate_limit", "limit_requests", "1302", "1303");
    Set<String> MONEY = Set.of(
            "insufficient_quota", "insufficient_user_quota", "insufficient_credits", "insufficient_credit",
            "insufficient_balance", "insufficient_funds", "billing_hard_limit_reached", "billing_not_active",
            "billing_error", "payment_required", "credits_exhausted", "out_of_credits",
            "exceeded_current_quota_error", "quota_used_up", "arrearage", "1113");
    Set<String> KEY = Set.of(
            "invalid_api_key", "authentication_error", "invalid_authentication", "invalid_authentication_error",
            "unauthenticated", "unauthorized", "permission_denied", "permission_error", "access_denied",
            "account_deactivated", "api_key_invalid", "invalid_key", "unsupported_country_region_territory",
            "key_expired");
    Set<String> FLAGGED = Set.of(
            "content_filter", "content_policy_violation", "responsible_aipolicy_violation",
            "responsible_ai_policy_violation", "moderation", "moderation_error", "flagged", "safety",
            "data_inspection_failed", "datainspection_failed", "content_blocked", "1301", "sensitive_content",
            "prompt_blocked", "content_moderation");
    Set<String> LONG = Set.of(
            "context_length_exceeded", "string_above_max_length", "request_too_large", "tokens_exceeded",
            "prompt_too_long");
    Set<String> OVERLOADED = Set.of(
            "overloaded", "overloaded_error", "engine_overloaded", "engine_overloaded_error", "unavailable",
            "model_overloaded");

    Pattern MONEY_WORDS = Pattern.compile(
            "\\bbilling\\b|insufficient\\s+(?:balance|credits?|funds|quota)|credit balance|out of credits?|no "
                    + "credits?|exceeded your current quota"
                    + "|\\btop up\\b|recharge|payment required", Pattern.CASE_INSENSITIVE);
    Pattern STRONG_MONEY_WORDS = Pattern.compile(
            "insufficient\\s+(?:balance|credits?|funds|quota)|credit balance is too low|out of credits?|exceeded "
                    + "your current quota",
            Pattern.CASE_INSENSITIVE);
    Pattern RATE_WORDS = Pattern.compile("per[ _-]?(?:second|minute|hour)|\\b(?:rpm|tpm|rps|tps)\\b|rate limit|too "
            + "many requests", Pattern.CASE_INSENSITIVE);
    Pattern FLAGGED_WORDS = Pattern.compile(
            "\\bflagged\\b|content (?:management )?policy|moderation|content filter|safety "
                    + "(?:system|policy|filter)|prompt was filtered", Pattern.CASE_INSENSITIVE);
    Pattern LONG_WORDS = Pattern.compile("context (?:length|window)|maximum context|too long|too large|too many "
            + "tokens", Pattern.CASE_INSENSITIVE);
    Pattern ADDRESS = Pattern.compile("https?://\\S+"); // Azure's link says "quotaincrease"

    int PAYMENT_REQUIRED = 402;
    int TOO_MANY = 429;
    int OVERLOADED_STATUS = 529;

    static ErrorSorter of(ServerError error) {
        int status = error.status();
        String prose = ADDRESS.matcher(error.prose()).replaceAll(" ");
        if (status < 400) {
            return new Refused(Why.REDIRECTED);
        }
        if (status == TOO_MANY || status == PAYMENT_REQUIRED) {
            boolean window = error.window().isPresent();
            boolean money = status == PAYMENT_REQUIRED || error.says(MONEY) || MONEY_WORDS.matcher(prose).find()
                    && !RATE_WORDS.matcher(prose).find();
            return money && !window ? new Unpaid() : new Limited(error.window());
        }
        if (status >= 500 || status == 408 || status == 409 || status == 425) {
            boolean limited = status == OVERLOADED_STATUS || status == 503 && error.window().isPresent()
                    || error.says(LIMIT) || error.says(OVERLOADED);
            return limited ? new Limited(error.window()) : new Passing(error.window());
        }
        if (status == 413) {
            return new Refused(Why.TOO_LONG);
        }
        if (error.says(LIMIT) || status == 403 && error.window().isPresent()) {
            return new Limited(error.window());
        }
        if (error.says(MONEY) || STRONG_MONEY_WORDS.matcher(prose).find()) {
            return new Unpaid();
        }
        if (error.says(OVERLOADED)) {
            return new Passing(error.window());
        }
        return refused(error, prose);
    }

    private static ErrorSorter refused(ServerError error, String prose) {
        if (error.says(FLAGGED) || FLAGGED_WORDS.matcher(prose).find()) {
            return new Refused(Why.FLAGGED);
        }
        return switch (error.status()) {
            case 401, 407 -> new Key();
            case 403 -> error.says(KEY) ? new Key() : new Refused(Why.FORBIDDEN);
            case 404 -> new Refused(Why.UNKNOWN);
            default -> new Refused(error.says(LONG) || LONG_WORDS.matcher(prose).find() ? Why.TOO_LONG : Why.OTHER);
        };
    }
}
