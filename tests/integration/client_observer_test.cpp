// An observer hears of what happens, with no lock held: it may use the client.
#include "client_fixture.hpp"

#include "core.hpp"

#include <memory>

using namespace hvc::test;

namespace {

class listener final : public hvc::observer {
public:
  void connection_opened(bool resumed) override {
    look();
    (resumed ? resumed_ : opened_) += 1;
  }
  void connection_closed(hvc::error const* why) override {
    look();
    if (why == nullptr)
      ++closed_;
    else
      failures_.push_back(name_of(*why));
  }
  void replied(int http_status, std::optional<std::chrono::sys_seconds> date) override {
    look();
    statuses_.push_back(http_status);
    date_ = date;
  }
  void retrying(std::string_view of, hvc::error const& cause, std::chrono::milliseconds delay) override {
    look();
    CHECK(delay <= 10ms);
    CHECK(cause.attempts() == 1);
    CHECK(cause.elapsed() > 0us);
    CHECK(cause.retryable());
    retries_.push_back(name_of(cause) + " " + std::string(of));
  }
  void login_finished(hvc::error const* failed) override {
    look();
    logins_.push_back(failed == nullptr ? "OK" : name_of(*failed));
  }

  void watch(hvc::client& c) { client_ = &c; }

  unsigned opened_ = 0, resumed_ = 0, closed_ = 0;
  std::vector<int> statuses_;
  std::optional<std::chrono::sys_seconds> date_;
  std::vector<std::string> failures_, retries_, logins_;

private:
  void look() {
    if (client_ != nullptr)
      static_cast<void>(client_->stats());
  }
  hvc::client* client_ = nullptr;
};

using texts = std::vector<std::string>;
std::string const target = "/api/hvc/links/link-1/sync/providers/provider-1";

// A server with a user, and that user's client with somebody who listens to it.
struct overheard {
  world w{with_user("me", "secret")};
  std::shared_ptr<listener> heard = std::make_shared<listener>();
  hvc::client c = w.make_client(w.options().credentials(hvc::user_password("me", "secret")).observer(heard));
};

} // namespace

TEST_CASE("an observer hears of connections, retries and logins, and may use the client") {
  overheard o;
  auto& [w, heard, c] = o;
  heard->watch(c);
  REQUIRE(w.get(c).has_value());
  CHECK(heard->opened_ == 1);
  CHECK(heard->logins_ == texts{"OK"});
  w.server.fault_next("503");
  REQUIRE(w.get(c).has_value());
  CHECK(heard->retries_ == texts{"http_status " + target});
  w.server.fault_next("close-after"); // no failure
  REQUIRE(w.get(c).has_value());
  CHECK(heard->closed_ == 1);
  CHECK(heard->failures_.empty());
  w.server.fault_next("truncate");
  REQUIRE(w.get(c).has_value());
  CHECK(heard->failures_ == texts{"connection_lost(in_body)"});
  CHECK(heard->retries_.back() == "connection_lost(in_body) " + target);
  w.server.set_credentials("me", "other");
  w.server.expire_sessions();
  CHECK(outcome_of(w.get(c)) == "auth(login_refused)");
  CHECK(heard->logins_ == texts{"OK", "auth(login_refused)"});
  CHECK(heard->opened_ + heard->resumed_ == 3);
  w.close(c);
  CHECK(heard->closed_ == 2);
}

TEST_CASE("an observer hears why a connection could not be opened") {
  world w;
  auto const heard = std::make_shared<listener>();
  auto c = w.make_client(w.options().observer(heard));
  w.server.fault_next("expired");
  CHECK(outcome_of(w.get(c)) == "tls_verify(expired)");
  CHECK(heard->failures_ == texts{"tls_verify(expired)"});
  CHECK(heard->opened_ == 0);
}

TEST_CASE("an observer hears of every reply and the server's clock before the call's handler runs") {
  overheard o;
  auto& [w, heard, c] = o;
  std::vector<int> before_the_handler;
  bool called = false;
  c.get_provider_sync("link-1", "provider-1", [&](auto const&) {
    before_the_handler = heard->statuses_;
    called = true;
  });
  REQUIRE(w.run_until([&] { return called; }));
  CHECK(before_the_handler == std::vector<int>{201, 200});
  REQUIRE(heard->date_.has_value());
  CHECK(std::chrono::abs(std::chrono::system_clock::now() - *heard->date_) < 20s);

  hvc::canned_reply scripted(404, R"({"messages":[],"error_type":"NOT_FOUND"})");
  scripted.wire = "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/json\r\n"
                  "Content-Length: 40\r\n\r\n" +
                  scripted.body;
  REQUIRE(scripted.body.size() == 40);
  w.server.set_reply("link-1", "provider-1", scripted);
  CHECK(outcome_of(w.get(c)) == "standard");
  CHECK(heard->statuses_.back() == 404);
  CHECK(heard->date_ == std::chrono::sys_seconds(784111777s));

  scripted.wire.replace(scripted.wire.find("Sun, 06"), 7, "perhaps");
  w.server.set_reply("link-1", "provider-1", scripted);
  CHECK(outcome_of(w.get(c)) == "standard");
  CHECK(!heard->date_);
}

TEST_CASE("an observer hears of a connection's end once, however many have news of it") {
  overheard o;
  auto& [w, heard, c] = o;
  REQUIRE(w.get(c).has_value());
  auto const core = hvc::detail::core_of(c);
  hvc::chores todo;
  core->lost(hvc::connection_id{0, 77}, {.why = hvc::error(hvc::error_kind::connection_lost)}, todo);
  core->carry_out(todo);
  CHECK(heard->failures_.empty());
  CHECK(heard->closed_ == 0);
}
