#include "model.hpp"

#include "error_builder.hpp"

#include <algorithm>
#include <array>
#include <utility>

using namespace std::chrono_literals;

namespace hvc::dispatch::test {
namespace {

void must(bool holds, char const* why) {
  if (!holds)
    throw broken{why};
}

settings model_settings(authentication a, unsigned connections) {
  settings s;
  s.pool.max_connections = connections;
  s.deadline = 30s;
  s.login_cool_down = 60s;
  s.authentication = a;
  s.seed = 26;
  return s;
}

} // namespace

model::model(authentication a, unsigned connections, unsigned calls, unsigned submissions, unsigned changes)
    : dispatcher_(model_settings(a, connections)), scheme_(a), most_(connections), calls_(calls),
      submissions_left_(submissions), changes_left_(changes) {}

std::vector<move> model::moves() const {
  std::vector<move> all;
  auto const free = std::find_if(calls_.begin(), calls_.end(), [](call const& c) { return !c.live; });
  if (free != calls_.end() && submissions_left_ != 0 && !closing_) {
    auto const at = static_cast<std::uint32_t>(free - calls_.begin());
    all.push_back({step::submit, at});
    all.push_back({step::post, at});
  }
  for (std::uint32_t i = 0; i < calls_.size(); ++i)
    if (calls_[i].live)
      all.push_back({step::cancel, i});
  for (std::uint32_t i = 0; i < connections_.size(); ++i)
    add_moves(i, all);
  if (dispatcher_.next_deadline() != time_point::max())
    all.push_back({step::tick, 0});
  if (!closing_) {
    all.push_back({step::close, 0});
    if (changes_left_ != 0) {
      all.push_back({step::renew, 0});
      all.push_back({step::change, 0});
    }
  }
  return all;
}

void model::make(move m) {
  ++steps_;
  now_ += 1us; // nothing happens at the same time as anything else
  actions out;
  perform(m, out);
  hear(out);
  check();
}

void model::finish() {
  for (int i = 0; i < 2'000 && !idle(); ++i)
    make(kindest());
  for (auto const& c : calls_)
    must(!c.live, "a call never ends");
  must(idle(), "a session is left, and never logged out");
  must(closing_ || dispatcher_.stats().waiters == 0, "somebody waits for ever");
  if (!closing_)
    make({step::close, 0});
  for (int i = 0; i < 100 && !closed_; ++i)
    make(kindest());
  must(closed_, "close never ends");
}

std::string model::view() const {
  std::string v;
  auto const put = [&](auto n) { v.append(reinterpret_cast<char const*>(&n), sizeof n); };
  for (auto const& c : calls_) {
    put(c.live);
    put(c.sends_once);
    put(c.starts);
    put(c.trouble);
    put(c.slot);
  }
  for (auto const& c : connections_) {
    put(c.exists);
    if (!c.exists)
      continue;
    put(c.open);
    put(c.served);
    put(c.old);
    put(c.order);
    put(c.call.slot);
  }
  auto const s = dispatcher_.stats();
  put(s.waiters);
  put(s.retry_budget);
  put(s.logins);
  put(s.replays);
  put(submissions_left_);
  put(changes_left_);
  put(scheme_);
  for (auto const id : logouts_)
    put(dispatcher_.exists(id));
  put(closing_);
  put(dispatcher_.next_deadline() == time_point::max());
  return v;
}

void model::add_moves(std::uint32_t i, std::vector<move>& all) const {
  auto const& c = connections_[i];
  if (!c.exists)
    return;
  if (!c.open) {
    all.push_back({step::dialled, i});
    all.push_back({step::dial_fails, i});
  } else if (!c.call) {
    all.push_back({step::lost_unbegun, i});
  } else {
    for (auto const s : {step::succeeds, step::fails, step::refused, step::succeeds_and_closes, step::lost_unbegun,
                         step::lost_unsent, step::lost_without_reply, step::lost_in_reply})
      all.push_back({s, i});
  }
}

void model::perform(move m, actions& out) {
  connection* const c = m.which < connections_.size() ? &connections_[m.which] : nullptr;
  error const cut = error_builder(error(error_kind::connection_lost, "before_headers")).stage(stage::head).build();
  switch (m.what) {
  case step::submit:
  case step::post: {
    auto& mine = calls_[m.which];
    --submissions_left_;
    mine = call{};
    mine.live = true;
    mine.sends_once = m.what == step::post;
    mine.id = dispatcher_.submit(now_, {.deadline = 30s, .max_attempts = 3, .idempotent = !mine.sends_once}, out);
    mine.slot = mine.id.slot;
    return;
  }
  case step::cancel:
    return dispatcher_.cancel(now_, calls_[m.which].id, false, out);
  case step::dialled:
    c->open = true;
    return dispatcher_.dialled(now_, c->id, false, out);
  case step::dial_fails:
    return lose(*c, {.why = error(error_kind::connect)}, out);
  case step::succeeds:
  case step::succeeds_and_closes: {
    c->served = true;
    c->order = ++order_;
    auto const id = std::exchange(c->call, call_id{});
    return dispatcher_.succeeded(now_, c->id, id, {.reusable = m.what == step::succeeds, .idle_limit = {}}, out);
  }
  case step::fails:
  case step::refused: {
    c->served = true;
    c->order = ++order_;
    auto const id = std::exchange(c->call, call_id{});
    blame(id);
    if (auto* const mine = find(id); mine != nullptr && m.what == step::refused)
      mine->sent = false; // nothing was done, says the server
    int const status = m.what == step::fails ? 503 : 401;
    error const e = error_builder(error(error_kind::http_status)).http_status(status).retryable(status == 503).build();
    return dispatcher_.failed(now_, c->id, id, e, {.reusable = true, .idle_limit = {}}, out);
  }
  case step::lost_unbegun:
    if (auto* const mine = find(c->call)) { // it did not leave, then
      mine->sent = false;
      --mine->starts;
    }
    return lose(*c, {.why = cut}, out);
  case step::lost_unsent:
    if (auto* const mine = find(c->call))
      mine->sent = false;
    return lose(*c, {.why = cut, .begun = true}, out);
  case step::lost_without_reply:
    return lose(*c, {.why = cut, .begun = true, .sent = true}, out);
  case step::lost_in_reply:
    return lose(*c, {.why = cut, .begun = true, .sent = true, .reply_started = true}, out);
  case step::tick:
    now_ = std::max(now_, dispatcher_.next_deadline());
    return dispatcher_.tick(now_, out);
  case step::renew:
    --changes_left_;
    for (auto& each : connections_)
      each.old = each.exists;
    return dispatcher_.renew_connections(now_, out);
  case step::change:
    --changes_left_;
    scheme_ = scheme_ == authentication::fixed ? authentication::login : authentication::fixed;
    std::erase_if(logouts_, [&](call_id id) { return !dispatcher_.exists(id); });
    logouts_.push_back(dispatcher_.change_authentication(now_, scheme_, out));
    return;
  case step::close:
    closing_ = true;
    return dispatcher_.close(now_, out);
  }
}

void model::lose(connection& c, loss l, actions& out) {
  c.exists = false;
  blame(std::exchange(c.call, call_id{}));
  dispatcher_.lost(now_, c.id, std::move(l), out);
}

void model::blame(call_id id) {
  if (auto* const c = find(id))
    ++c->trouble;
}

void model::hear(actions const& out) {
  for (auto const& a : out)
    hear(a);
}

void model::hear(action const& a) {
  switch (a.what) {
  case action::type::dial: {
    if (connections_.size() <= a.connection.slot)
      connections_.resize(a.connection.slot + 1);
    auto& c = connections_[a.connection.slot];
    must(!c.exists, "a connection is opened where one is");
    c = connection{};
    c.exists = true;
    c.id = a.connection;
    return;
  }
  case action::type::start: {
    auto& c = connections_.at(a.connection.slot);
    must(c.exists && c.open && c.id == a.connection, "a call is sent over a connection that is not there");
    must(!c.call, "a connection has two calls");
    must(!c.old, "a call is sent over a connection of the trust before");
    must(dispatcher_.running(a.call, a.connection).has_value(), "a call is sent that does not run");
    c.call = a.call;
    if (auto* const mine = find(a.call)) {
      must(mine->live, "a call is sent after its end");
      must(!(mine->sends_once && mine->sent), "a call that must be sent once is sent twice");
      mine->sent = true;
      ++mine->starts;
      must(mine->starts <= 5, "a call is sent too often"); // I6: three attempts, a replay, a repeat
    }
    return;
  }
  case action::type::close:
  case action::type::abort: {
    auto& c = connections_.at(a.connection.slot);
    must(c.exists && c.id == a.connection, "a connection is closed twice");
    must(a.what == action::type::abort ? c.call == a.call : !c.call, "close and abort are mixed up");
    c.exists = false;
    c.call = {};
    return;
  }
  case action::type::complete: {
    auto* const c = find(a.call);
    must(c != nullptr && c->live, "a call completes twice"); // I1
    must(!a.why || a.why->kind() != error_kind::closed || closing_, "a call is closed by nobody");
    c->live = false;
    return;
  }
  case action::type::retrying:
    if (auto* const c = find(a.call))
      must(!(c->sends_once && c->sent), "a call that must be sent once is retried");
    return;
  case action::type::closed:
    must(closing_ && !closed_, "closed twice, or unasked");
    closed_ = true;
    return;
  case action::type::next_address:
  case action::type::probe:
  case action::type::authorize:
  case action::type::login_finished:
    return;
  }
}

void model::check() const {
  auto const s = dispatcher_.stats();
  unsigned exist = 0, idle = 0, busy = 0, dialling = 0;
  for (auto const& c : connections_) {
    exist += c.exists;
    dialling += c.exists && !c.open;
    idle += c.exists && c.open && !c.call;
    busy += c.exists && c.call;
  }
  must(exist <= most_, "more connections than allowed"); // I5
  must(s.connecting == dialling && s.idle == idle && s.busy == busy, "the pool's figures are wrong");
  must(std::none_of(connections_.begin(), connections_.end(),
                    [](auto const& c) { return c.exists && c.old && !c.call; }),
       "a connection of the trust before is idle");
  // No lost wake-up: whoever waits has a connection being opened for it, or all that may be are at work.
  must(s.waiters == 0 || dialling >= std::min(s.waiters, most_ - busy), "somebody waits for nothing");
  unsigned live = 0;
  for (auto const& c : calls_)
    live += c.live;
  must(live == 0 || dispatcher_.next_deadline() != time_point::max(), "a call has no deadline");
  if (closing_)
    must(live == 0, "a call outlives close");
  if (closed_)
    must(exist == 0 && s.waiters == 0 && dispatcher_.next_deadline() == time_point::max(),
         "something outlives close"); // I4
}

bool model::idle() const noexcept {
  return std::none_of(calls_.begin(), calls_.end(), [](call const& c) { return c.live; }) &&
         std::none_of(logouts_.begin(), logouts_.end(), [&](call_id id) { return dispatcher_.exists(id); });
}

move model::kindest() const {
  for (std::uint32_t i = 0; i < connections_.size(); ++i)
    if (connections_[i].exists && connections_[i].call)
      return {step::succeeds, i};
  for (std::uint32_t i = 0; i < connections_.size(); ++i)
    if (connections_[i].exists && !connections_[i].open)
      return {step::dialled, i};
  must(dispatcher_.next_deadline() != time_point::max(), "nothing will ever happen again");
  return {step::tick, 0};
}

model::call* model::find(call_id id) {
  auto const at = std::find_if(calls_.begin(), calls_.end(), [&](call const& c) { return id && c.id == id; });
  return at != calls_.end() ? &*at : nullptr;
}

} // namespace hvc::dispatch::test
