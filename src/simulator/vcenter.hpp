// A vCenter without wires: a request and the time in, a reply out. Joins routes, sessions and world, and plays the
// replies a test has scripted. Knows no connection, no thread, and no fault but what the API itself can say.
#pragma once

#include "routes.hpp"
#include "sessions.hpp"
#include "world.hpp"

#include <hvc/simulator/exchange.hpp>
#include <hvc/simulator/options.hpp>
#include <hvc/standard_error.hpp>

namespace hvc::simulation {

class vcenter {
public:
  vcenter(simulator_options const& options, std::uint64_t session_seed);

  [[nodiscard]] canned_reply answer(simulated_request const& request, operation what, date_time now);

  void set_provider(std::string_view link, std::string_view provider, sync_info info) {
    world_.set(link, provider, std::move(info));
  }
  void set_reply(std::string_view link, std::string_view provider, canned_reply reply, unsigned times);
  void fail_with(canned_reply reply, unsigned times) { failure_ = {std::move(reply), times}; }
  void set_credentials(std::string_view user, std::string_view password);
  void expire_sessions() { sessions_.expire_all(); }
  [[nodiscard]] unsigned live_sessions(date_time now) { return sessions_.live(now); }
  [[nodiscard]] std::uint64_t logins() const noexcept { return logins_; }
  [[nodiscard]] std::uint64_t logouts() const noexcept { return logouts_; }

private:
  // A reply that is good for so many times.
  struct scripted {
    canned_reply reply;
    unsigned times = 0;
    [[nodiscard]] bool spend() noexcept;
  };

  [[nodiscard]] canned_reply log_in(simulated_request const& request, date_time now);
  [[nodiscard]] canned_reply log_out(simulated_request const& request, date_time now);
  [[nodiscard]] canned_reply show_session(simulated_request const& request, date_time now);
  [[nodiscard]] bool may_ask(simulated_request const& request, date_time now);
  [[nodiscard]] canned_reply answer_about_link(simulated_request const& request, operation what, date_time now);
  [[nodiscard]] canned_reply answer_about_provider(simulated_request const& request, operation what, date_time now);
  [[nodiscard]] canned_reply show_provider_sync(simulated_request const& request, date_time now);

  std::string user_;
  std::string basic_; // the Authorization of user and password; empty: anyone may
  std::string authorization_;
  unsigned session_limit_;
  std::string provider_body_;
  sessions sessions_;
  world world_;
  std::map<std::pair<std::string, std::string>, scripted> replies_;
  scripted failure_;
  std::uint64_t logins_ = 0;
  std::uint64_t logouts_ = 0;
};

} // namespace hvc::simulation
