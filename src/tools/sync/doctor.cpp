// hvc-sync doctor: one step after the other, until it is clear why it does not work.
#include "command.hpp"
#include "error_text.hpp"
#include "findings.hpp"
#include "probe.hpp"
#include "trust.hpp"

namespace hvc::tools {

namespace {

using std::chrono::microseconds;

class stop_watch {
public:
  [[nodiscard]] microseconds elapsed() const {
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - start_);
  }

private:
  std::chrono::steady_clock::time_point const start_ = std::chrono::steady_clock::now();
};

// What was found so far: told a person at once, for the next step may take long; a program at the end.
class examination {
public:
  explicit examination(session const& s) : session_(s) {}

  void add(finding f) {
    if (f.why && code_ == exit_success)
      code_ = exit_code(*f.why);
    if (session_.format == output_format::table)
      written_ = std::max(written_, session::write(finding_text(f, session_.to)));
    all_.push_back(std::move(f));
  }
  void ok(std::string step, std::optional<microseconds> took, std::string text) {
    add({.step = std::move(step), .took = took, .text = std::move(text)});
  }
  void skip(std::string step, std::string text) {
    add({.step = std::move(step), .result = finding::type::skipped, .text = std::move(text)});
  }
  void failed(std::string step, microseconds took, error const& e, std::string text = {}) {
    if (text.empty())
      text = e.message();
    if (auto const hint = hint_for(e, session_.servers.front().options); !hint.empty())
      text.append("\nhint: ").append(hint);
    add({.step = std::move(step), .result = finding::type::failed, .took = took, .text = std::move(text), .why = e});
  }
  [[nodiscard]] int finish() {
    if (session_.format == output_format::json)
      written_ = session::write(findings_json(all_));
    return code_ != exit_success ? code_ : written_;
  }

private:
  session const& session_;
  std::vector<finding> all_;
  int code_ = exit_success;
  int written_ = exit_success;
};

std::string joined(std::vector<std::string> const& parts) {
  std::string text;
  for (auto const& p : parts)
    text.append(text.empty() ? "" : ", ").append(p);
  return text;
}

// Whether there is a connection to ask over.
boost::asio::awaitable<bool> reach(server const& asked, examination& e) {
  probe_report const seen = co_await probe(asked.options);
  if (seen.addresses.empty()) {
    e.failed("resolve", seen.resolving, *seen.failed);
    co_return false;
  }
  e.ok("resolve", seen.resolving, joined(seen.addresses));
  if (seen.peer.empty()) {
    e.failed("connect", seen.connecting, *seen.failed);
    co_return false;
  }
  e.ok("connect", seen.connecting, seen.peer + " answers");
  if (seen.failed && seen.failed->kind() != error_kind::tls_handshake) { // out of time, or interrupted
    e.failed("TLS", seen.handshaking, *seen.failed);
    co_return false;
  }
  auto const refused = co_await refusal_of(asked, asked.options.tls()); // who is choosier, and tells why
  if (refused && refused->stage() <= stage::handshake) {
    e.failed("TLS", seen.handshaking, *refused);
    co_return false;
  }
  auto const now = std::chrono::floor<microseconds>(std::chrono::system_clock::now());
  std::string text =
      seen.protocol + (asked.options.tls().is_insecure() ? "; the certificate is not checked (--insecure)"
                                                         : "; the certificate is accepted");
  if (!seen.chain.empty())
    text += " and " + expiry_text(seen.chain.front(), now);
  e.ok("TLS", seen.handshaking, text);
  if (refused) // interrupted
    e.failed("API", {}, *refused);
  co_return !refused;
}

boost::asio::awaitable<bool> log_in(server& asked, examination& e) {
  auto const& who = asked.options.credentials();
  if (std::holds_alternative<no_credentials>(who)) {
    e.skip("login", "nobody asks: no user and no session was given");
    co_return true;
  }
  if (std::holds_alternative<session_token>(who)) {
    e.skip("login", "a session was given; whether it holds, the next step tells");
    co_return true;
  }
  stop_watch const watch;
  auto const done = co_await asked.client.log_in(asked.call);
  if (!done) {
    e.failed("login", watch.elapsed(), done.error());
    co_return false;
  }
  auto const* const user = std::get_if<user_password>(&who);
  e.ok("login", watch.elapsed(), user != nullptr ? "logged in as " + user->user() : "there is a session");
  co_return true;
}

// Of vCenter 8.0.1 and later: what has taken the place of the sync API.
boost::asio::awaitable<std::string> health_of(server& asked, std::string const& link) {
  auto const health = co_await asked.client.get_link(link, asked.call);
  if (!health)
    co_return "link " + link + ": " + health.error().message();
  if (!health->connection_health_status)
    co_return "link " + link + " tells no health";
  co_return "link " + link + " is " + std::string(health->connection_health_status->name());
}

boost::asio::awaitable<void> look_for_api(server& asked, examination& e) {
  stop_watch const watch;
  auto const links = co_await asked.client.list_links(asked.call);
  if (!links)
    co_return e.failed("API", watch.elapsed(), links.error());
  if (links->empty())
    co_return e.ok("API", watch.elapsed(), "the server answers, and has no hybrid links");
  std::string const& first = links->front().link;
  auto const providers = co_await asked.client.list_providers(first, asked.call);
  if (providers)
    co_return e.ok("API", watch.elapsed(),
                   "the sync API is there; " + std::to_string(links->size()) + " links, and " +
                       std::to_string(providers->size()) + " providers of link " + first);
  if (providers.error().kind() != error_kind::route_unknown)
    co_return e.failed("API", watch.elapsed(), providers.error());
  std::string text = "the sync API is not on this server";
  constexpr std::size_t most = 16;
  for (std::size_t i = 0; i < links->size() && i < most; ++i) {
    std::string const health = co_await health_of(asked, (*links)[i].link);
    text.append("; ").append(health);
  }
  e.failed("API", watch.elapsed(), providers.error(), text);
}

} // namespace

boost::asio::awaitable<int> run_doctor(session const& s) {
  examination e(s);
  server& asked = s.servers.front();
  bool const reached = co_await reach(asked, e);
  if (!reached)
    co_return e.finish();
  bool const known = co_await log_in(asked, e);
  if (known)
    co_await look_for_api(asked, e);
  e.add(clock_finding(asked.events->server_time(), std::chrono::floor<microseconds>(std::chrono::system_clock::now())));
  co_return e.finish();
}

} // namespace hvc::tools
