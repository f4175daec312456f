// The dispatcher in a model of its surroundings that does anything that can happen, in any order. After every step: no
// more connections than allowed, no call completed twice, nobody waits without a connection on its way.
#pragma once

#include "dispatch/dispatcher.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hvc::dispatch::test {

// Thrown where a promise is.
struct broken {
  std::string why;
};

// Steps that can happen to a call, to a connection, or to all.
enum class step : std::uint8_t {
  submit,
  post,
  cancel,
  dialled,
  dial_fails,
  succeeds,
  fails,   // 503
  refused, // 401
  succeeds_and_closes,
  lost_unbegun,
  lost_unsent,
  lost_without_reply,
  lost_in_reply,
  tick,
  renew,  // another trust
  change, // other credentials
  close
};
struct move {
  step what;
  std::uint32_t which; // a call's or a connection's place in the model
};

class model {
public:
  // At most `submissions` calls in all, at most `calls` at a time; so many changes of configuration.
  model(authentication a, unsigned connections, unsigned calls, unsigned submissions, unsigned changes);

  [[nodiscard]] std::vector<move> moves() const; // that can be made
  void make(move m);
  // Everybody is served in the end, if the world is kind from here on.
  void finish();
  [[nodiscard]] bool over() const noexcept { return closed_; }
  [[nodiscard]] int steps() const noexcept { return steps_; }
  // What this state looks like from outside, and of its past what the future may depend on.
  [[nodiscard]] std::string view() const;

private:
  struct call {
    bool live = false;
    bool sends_once = false;
    bool sent = false;
    std::uint8_t starts = 0;
    std::uint8_t trouble = 0;
    std::uint32_t slot = 0;
    call_id id;
  };
  struct connection {
    bool exists = false;
    bool open = false;
    bool served = false;
    bool old = false;       // of the trust before
    std::uint8_t order = 0; // of being idle
    connection_id id;
    call_id call; // it has
  };

  void add_moves(std::uint32_t i, std::vector<move>& all) const;
  void perform(move m, actions& out);
  void lose(connection& c, loss l, actions& out);
  void blame(call_id id);
  void hear(actions const& out);
  void hear(action const& a);
  void check() const;
  [[nodiscard]] bool idle() const noexcept;
  [[nodiscard]] move kindest() const;
  call* find(call_id id);

  dispatch::dispatcher dispatcher_;
  authentication scheme_;
  time_point now_{std::chrono::hours(1)};
  unsigned most_;
  std::vector<call> calls_;
  std::vector<connection> connections_; // by slot
  unsigned submissions_left_;
  unsigned changes_left_;
  std::vector<call_id> logouts_; // of sessions of earlier credentials
  int steps_ = 0;
  std::uint8_t order_ = 0;
  bool closing_ = false;
  bool closed_ = false;
};

} // namespace hvc::dispatch::test
