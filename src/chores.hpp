// What is left to do when the locks are released: actions on connections, then news for callers. Filled by the core
// under its mutex, on the way through whoever had news for it, and carried out by core::carry_out() with no lock held.
#pragma once

#include "dispatch/action.hpp"
#include "outcome.hpp"

#include <hvc/detail/initiate.hpp>

#include <boost/container/small_vector.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <optional>

namespace hvc {

namespace net {
class connection;
}

struct chores {
  struct item {
    dispatch::action action;
    std::shared_ptr<net::connection> connection; // the one the action names
  };
  struct completion {
    call_id call;
    detail::reply_handler handler;
    detail::outcome outcome;
    std::shared_ptr<net::connection> aborted; // knows the stage the call was in
  };
  struct note { // for the observer
    enum class event : std::uint8_t { opened, closed, replied, retrying, login };
    event what;
    bool resumed = false;                           // opened
    int http_status = 0;                            // replied
    std::optional<std::chrono::sys_seconds> date{}; // replied
    std::optional<error> why{};                     // the others, if something went wrong
    std::chrono::milliseconds delay{};              // retrying, and so the next
    std::string target{};
  };
  using ended = boost::container::small_vector<completion, 2>;
  bool posted = false; // nobody may be called back here: it is a caller's function
  // Until what ends here is posted: what there was to do before may be over already, and run() would return in between.
  std::optional<boost::asio::any_io_executor> busy{};
  call_id next_call{}; // what the connection that had the news is to begin at once
  boost::container::small_vector<item, 4> actions{};
  ended completions{};
  std::list<ended> later{}; // instead of those, if posted: at most one, in a list because passing it on takes no memory
  boost::container::small_vector<note, 1> notes{};
  boost::container::small_vector<std::shared_ptr<net::connection>, 1> lost{}; // released when no lock is held
  bool closed = false;
};

} // namespace hvc
