// Errors of servers, proxies and callers, as a caller of the client sees them.
#include "client_fixture.hpp"
#include "page_bodies.hpp"

#include <atomic>
#include <mutex>
#include <set>

using namespace hvc::test;

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct row {
  char const* fault;
  char const* outcome;
};

} // namespace

TEST_CASE("the page's error body is decoded for 403, 404 and 500 alike") {
  world w;
  auto c = w.make_client();
  for (int const status : {403, 404, 500}) {
    CAPTURE(status);
    w.server.set_reply("link-1", "provider-1", hvc::canned_reply(status, page_error));
    auto const r = w.get(c);
    REQUIRE(outcome_of(r) == "standard");
    auto const& e = r.error();
    CHECK(e.http_status() == status);
    CHECK(e.attempts() == 1);
    REQUIRE(e.standard());
    CHECK(e.standard()->error_type == hvc::error_type::unknown);
    CHECK(e.standard()->error_type.name() == "string");
    REQUIRE(e.standard()->messages.size() == 1);
    CHECK(e.standard()->messages[0].id == "string");
    CHECK(e.standard()->messages[0].default_message == "string");
    CHECK(e.standard()->messages[0].args == std::vector<std::string>{"string"});
    CHECK(e.standard()->messages[0].localized == "string");
    CHECK(e.standard()->data.json() == "{}");
  }
}

TEST_CASE("the page's Info is decoded") {
  world w;
  w.server.set_reply("link-1", "provider-1", hvc::canned_reply(200, page_info));
  auto c = w.make_client();
  auto const r = w.get(c);
  REQUIRE(r.has_value());
  CHECK(r->status == hvc::sync_status::failed);
  CHECK(r->polling_interval_in_seconds == 300);
  REQUIRE(r->current_session_info);
  CHECK(r->current_session_info->stage == hvc::sync_stage::failed);
  REQUIRE(r->current_session_info->exception);
}

TEST_CASE("R7 J19 each of the 25 standard errors arrives with its type and is retried only where it says so") {
  world w;
  auto c = w.make_client();
  for (auto type = 1; type <= static_cast<int>(hvc::error_type::unverified_peer); ++type) {
    auto const t = static_cast<hvc::error_type>(type);
    std::string const name(hvc::enum_names<hvc::error_type>::name(t));
    CAPTURE(name);
    auto const r = w.get(c, "link-1", "error-" + name, hvc::call_options().attempts(2));
    REQUIRE(outcome_of(r) == "standard");
    REQUIRE(r.error().standard());
    CHECK(r.error().standard()->error_type == t);
    bool const passing = t == hvc::error_type::service_unavailable || t == hvc::error_type::resource_busy ||
                         t == hvc::error_type::timed_out || t == hvc::error_type::unable_to_allocate_resource;
    CHECK(r.error().retryable() == passing);
    CHECK(r.error().attempts() == (passing ? 2U : 1U));
  }
}

TEST_CASE("an unknown route is told from an unknown provider") {
  world w;
  auto c = w.make_client();
  w.server.fault_next("404-route");
  auto const route = w.get(c);
  CHECK(outcome_of(route) == "route_unknown");
  CHECK(route.error().standard());
  auto const provider = w.get(c, "link-1", "nobody");
  CHECK(outcome_of(provider) == "standard");
  CHECK(provider.error().standard()->error_type == hvc::error_type::not_found);
  w.server.fault_next("404-empty");
  auto const empty = w.get(c);
  CHECK(outcome_of(empty) == "http_status");
  CHECK(empty.error().http_status() == 404);
}

TEST_CASE("R1 J18 a 503 of the proxy is tried again, as often as the call may") {
  world w;
  auto c = w.make_client();
  w.server.fault_next("503", 2);
  CHECK(w.get(c).has_value());
  CHECK(w.server.requests() == 3);
  w.server.fault_next("503", 10);
  auto const r = w.get(c);
  REQUIRE(outcome_of(r) == "http_status");
  CHECK(r.error().http_status() == 503);
  CHECK(r.error().attempts() == 3);
  CHECK(r.error().retryable());
  CHECK(r.error().body_excerpt() == "no healthy upstream");
  CHECK(has(r.error().content_type(), "text/plain"));
  CHECK(w.server.requests() == 6);
  auto const once = w.get(c, "link-1", "provider-1", hvc::call_options().attempts(1));
  CHECK(outcome_of(once) == "http_status");
  CHECK(w.server.requests() == 7);
}

TEST_CASE("R2 Retry-After is waited for, and never less") {
  world w;
  auto c = w.make_client();
  w.server.fault_next("429-retry-after");
  auto const before = std::chrono::steady_clock::now();
  CHECK(w.get(c).has_value());
  auto const took = std::chrono::steady_clock::now() - before;
  CHECK(took >= 1s);
  CHECK(took < 4s);
}

TEST_CASE("R4 R9 a Retry-After beyond the deadline or the limit ends the call at once with its real cause") {
  world w;
  auto c = w.make_client();
  w.server.fault_next("503-retry-after");
  auto const late = w.get(c, "link-1", "provider-1", hvc::call_options().deadline(1500ms));
  CHECK(outcome_of(late) == "http_status");
  CHECK(late.error().attempts() == 1);
  CHECK(late.error().retry_after() == 2s);
  CHECK(late.error().elapsed() < 1s);
  w.server.fault_next("503-retry-after-absurd");
  auto const absurd = w.get(c);
  CHECK(outcome_of(absurd) == "http_status");
  CHECK(absurd.error().attempts() == 1);
  w.server.fault_next("503-retry-after-date"); // of the past: at once
  CHECK(w.get(c).has_value());
}

TEST_CASE("content that is no JSON is refused with an excerpt, never decoded, never retried") {
  world w;
  auto c = w.make_client();
  for (row const& t :
       {row{"html", "content(type)"}, row{"text-html", "content(type)"}, row{"empty", "content(empty)"},
        row{"no-content", "content(empty)"}, row{"gzip", "content(encoding)"}, row{"utf-16", "content(type)"}}) {
    CAPTURE(t.fault);
    w.server.fault_next(t.fault);
    auto const before = w.server.requests();
    auto const r = w.get(c);
    CHECK(outcome_of(r) == t.outcome);
    CHECK(w.server.requests() == before + 1);
  }
  w.server.fault_next("html");
  auto const r = w.get(c);
  CHECK(has(r.error().body_excerpt(), "The server is not ready."));
  CHECK(has(r.error().content_type(), "text/html"));
  CHECK(r.error().stage() == hvc::stage::decode);
}

TEST_CASE("JSON that the page does not promise is a decode error that names the member") {
  world w;
  auto c = w.make_client();
  for (auto const* fault : {"no-json", "trailing-junk", "bom", "bad-utf8", "bad-number", "not-a-number", "duplicate",
                            "missing", "wrong-type", "null", "bad-time", "wrapped"}) {
    CAPTURE(fault);
    w.server.fault_next(fault);
    auto const r = w.get(c);
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error().kind() == hvc::error_kind::decode);
    CHECK(r.error().attempts() == 1);
  }
  w.server.fault_next("deep");
  CHECK(outcome_of(w.get(c)) == "limit(depth)");
  for (auto const* fault : {"unknown-status", "unknown-member"}) {
    CAPTURE(fault);
    w.server.fault_next(fault);
    CHECK(w.get(c).has_value());
  }
}

TEST_CASE("framing faults end one attempt with the error of their kind, and the connection with it") {
  world w;
  auto c = w.make_client();
  REQUIRE(w.get(c).has_value()); // a connection to lose
  for (row const& t :
       {row{"bad-length", "protocol(length)"}, row{"huge-length", "protocol(length)"},
        row{"two-lengths", "protocol(length)"}, row{"te-cl", "protocol(ambiguous)"},
        row{"bad-te", "protocol(transfer_encoding)"}, row{"bad-chunk", "protocol(chunk)"},
        row{"huge-body", "limit(body)"}, row{"big-head", "limit(headers)"}, row{"many-fields", "limit(header_count)"},
        row{"bad-field", "protocol(header)"}, row{"bad-status", "protocol(status)"},
        row{"upgrade", "protocol(upgrade)"}, row{"many-hints", "limit(interim)"},
        row{"chunk-extensions", "limit(chunk_overhead)"}, row{"garbage", "protocol(tls)"}}) {
    CAPTURE(t.fault);
    w.server.fault_next(t.fault);
    auto const before = c.stats().connections_opened;
    auto const r = w.get(c);
    CHECK(outcome_of(r) == t.outcome);
    CHECK(w.get(c).has_value());
    CHECK(c.stats().connections_opened == before + 1);
    CHECK(c.stats().busy == 0);
  }
}

TEST_CASE("odd but right framing succeeds") {
  world w;
  auto c = w.make_client();
  for (auto const* fault : {"trailers", "http-1.0", "early-hints", "no-length", "extra-bytes", "no-close-notify",
                            "close-after", "close-idle"}) {
    CAPTURE(fault);
    w.server.fault_next(fault);
    CHECK(belongs_to(w.get(c, "link-2", "provider-1"), "link-2", "provider-1"));
    CHECK(belongs_to(w.get(c, "link-1", "provider-1"), "link-1", "provider-1"));
  }
}

TEST_CASE("H1 a truncated reply is tried again, and is connection_lost where there is no further attempt") {
  world w;
  auto c = w.make_client();
  for (row const& t :
       {row{"truncate", "connection_lost(in_body)"}, row{"truncate-reset", "connection_lost(in_body)"},
        row{"truncate-head", "connection_lost(in_headers)"}, row{"notify-in-body", "connection_lost(in_body)"},
        row{"no-length-truncated", "connection_lost(in_body)"}}) {
    CAPTURE(t.fault);
    w.server.fault_next(t.fault);
    CHECK(outcome_of(w.get(c, "link-1", "provider-1", hvc::call_options().attempts(1))) == t.outcome);
    w.server.fault_next(t.fault);
    CHECK(w.get(c).has_value());
  }
}

TEST_CASE("H34 a redirect is never followed") {
  world w, elsewhere;
  auto c = w.make_client();
  for (int const status : {301, 302, 307, 308}) {
    hvc::canned_reply there(status, "", "");
    there.fields.emplace_back("location", elsewhere.server.server() + "/api/hvc/links");
    w.server.set_reply("link-1", "provider-1", there);
    auto const r = w.get(c);
    REQUIRE(outcome_of(r) == "http_status");
    CHECK(r.error().http_status() == status);
    CHECK(r.error().attempts() == 1);
  }
  CHECK(elsewhere.server.connections_accepted() == 0);
}

TEST_CASE("U1 U2 U6 ids that are none are refused before any I/O") {
  world w;
  auto c = w.make_client();
  CHECK(outcome_of(w.get(c, "", "provider-1")) == "invalid_argument(link)");
  CHECK(outcome_of(w.get(c, "link-1", "")) == "invalid_argument(provider)");
  for (auto const* dots : {".", ".."}) {
    CHECK(outcome_of(w.get(c, dots, "provider-1")) == "invalid_argument(link)");
    CHECK(outcome_of(w.get(c, "link-1", dots)) == "invalid_argument(provider)");
  }
  CHECK(outcome_of(w.get(c, std::string(2049, 'x'), "provider-1")) == "limit(path)");
  CHECK(outcome_of(w.get(c, "link-1", std::string(683, '/'))) == "limit(path)"); // three bytes each
  CHECK(outcome_of(w.get(c, "link-1", std::string(1 << 20, 'x'))) == "limit(path)");
  CHECK(w.get(c, "", "x").error().attempts() == 0);
  CHECK(w.server.connections_accepted() == 0);
}

TEST_CASE("U2 U3 U4 U5 ids of any other bytes arrive intact") {
  world w;
  auto c = w.make_client();
  std::vector<std::string> ids{"a/b",
                               "../../session",
                               "...",
                               ".hidden",
                               "%2e%2e",
                               "a%2Fb",
                               "a b",
                               "a+b",
                               "a?b=c&d#e;f",
                               "\"'\\",
                               "caf\xC3\xA9 \xF0\x9F\x98\x80",
                               "\xD8\xB4",
                               "\xFF\xFE\x80",
                               "a\r\nX-Evil: 1",
                               std::string("a\0b", 3),
                               "\t\x7f",
                               std::string(2048, 'x'),
                               std::string(682, '/')};
  std::mutex mutex;
  hvc::simulated_request seen;
  w.server.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    std::lock_guard lock(mutex);
    seen = r;
    return std::nullopt;
  });
  hvc::sync_info info;
  info.status = hvc::sync_status::succeeded;
  for (auto const& id : ids) {
    CAPTURE(id);
    w.server.set_provider(id, id, info);
    CHECK(w.get(c, id, id).has_value());
    std::lock_guard lock(mutex);
    CHECK(seen.link == id);
    CHECK(seen.provider == id);
    CHECK(std::count(seen.target.begin(), seen.target.end(), '/') == 7);
    CHECK(seen.fields.size() < 12);
  }
}

TEST_CASE("a header field of a call arrives, on that call only") {
  world w;
  std::mutex mutex;
  std::vector<hvc::simulated_request> seen;
  w.server.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    std::lock_guard lock(mutex);
    seen.push_back(r);
    return std::nullopt;
  });
  auto c = w.make_client(w.options().user_agent("my-service/1.0"));
  REQUIRE(w.get(c, "link-1", "provider-1",
                hvc::call_options().header("Accept-Language", "de").header("traceparent", "00-1-2-3"))
              .has_value());
  REQUIRE(w.get(c).has_value());
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].field("accept-language") == "de");
  CHECK(seen[0].field("traceparent") == "00-1-2-3");
  CHECK(seen[1].field("accept-language").empty());
  CHECK(seen[0].field("user-agent") == "my-service/1.0");
  CHECK(seen[0].field("host") == w.server.server().substr(8));
  CHECK(seen[0].field("accept-encoding").empty()); // or gzip would come
}

TEST_CASE("R18 a request id stays the same over all attempts of a call") {
  world w;
  std::mutex mutex;
  std::vector<std::string> ids;
  w.server.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    std::lock_guard lock(mutex);
    ids.emplace_back(r.field("x-request-id"));
    if (ids.size() < 3)
      return hvc::canned_reply(503, "no healthy upstream", "text/plain");
    return std::nullopt;
  });
  auto c = w.make_client();
  REQUIRE(w.get(c, "link-1", "provider-1", hvc::call_options().header("X-Request-ID", "0af7651916cd43dd")).has_value());
  CHECK(ids == std::vector<std::string>(3, "0af7651916cd43dd"));
}

TEST_CASE("a 401 without credentials is a standard error") {
  hvc::simulator_options so;
  so.user = "me";
  so.password = "secret";
  world w(so);
  auto c = w.make_client();
  auto const r = w.get(c);
  REQUIRE(outcome_of(r) == "standard");
  CHECK(r.error().http_status() == 401);
  CHECK(w.server.requests() == 1);
}

TEST_CASE("C6 a server that is not there is connect, after all attempts") {
  world w;
  auto c = w.make_client();
  w.server.stop();
  auto const r = w.get(c);
  REQUIRE(outcome_of(r) == "connect");
  CHECK(r.error().attempts() == 3);
  CHECK(r.error().retryable());
  CHECK(r.error().code());
}

TEST_CASE("a name that does not exist ends the call, as soon as the resolver says so") {
  world w;
  auto c = w.make_client(w.options().server("https://no-such-host.invalid"));
  auto const r = w.get(c);
  REQUIRE_FALSE(r.has_value());
  CHECK((r.error().kind() == hvc::error_kind::resolve || r.error().kind() == hvc::error_kind::deadline));
}

TEST_CASE("R12 retries stop when their budget is spent") {
  world w;
  auto o = w.options();
  o.retry().budget = 20; // four retries after a 503
  auto c = w.make_client(o);
  w.server.fail_with({.error_type = hvc::error_type::service_unavailable});
  calls many(w);
  for (unsigned i = 0; i < 50; ++i)
    many.get(c);
  many.wait();
  CHECK(many.all("standard"));
  CHECK(w.server.requests() == 54);
  CHECK(c.stats().retries == 4);
}
