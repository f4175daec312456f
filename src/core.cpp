// What callers ask of the core.
#include "core.hpp"

#include "error_builder.hpp"
#include "options_check.hpp"

#include <algorithm>
#include <new>
#include <random>
#include <stdexcept>
#include <utility>

namespace hvc::detail {

namespace {

// Names the call, never points at it: a signal may come at any time, also too late.
class cancellation {
public:
  cancellation(std::weak_ptr<core> c, call_id id) noexcept : core_(std::move(c)), id_(id) {}
  void operator()(boost::asio::cancellation_type type) {
    if (type == boost::asio::cancellation_type::none)
      return;
    using boost::asio::cancellation_type;
    bool const total_only =
        (type & (cancellation_type::terminal | cancellation_type::partial)) == cancellation_type::none;
    if (auto const c = core_.lock())
      c->cancel(id_, total_only);
  }

private:
  std::weak_ptr<core> core_;
  call_id id_;
};

client_options checked(client_options o) {
  check(o);
  return o;
}

std::shared_ptr<tls::context> make_tls(client_options const& o, server_url const& url) {
  auto made = tls::context::make(o.tls(), url.host);
  if (made)
    return *std::move(made);
  error const why = made.error();
  auto const* const detail = error_builder(why).detail(); // whose text begins with the option's name
  throw std::invalid_argument((why.reason() == "server" ? "" : "tls.") +
                              (detail != nullptr ? detail->text : std::string(why.reason())));
}

// A year is for ever, and overflows nothing when it is counted in nanoseconds.
std::chrono::milliseconds bounded(std::chrono::milliseconds d) noexcept {
  return std::min<std::chrono::milliseconds>(d, std::chrono::hours(24 * 365));
}

std::uint64_t seed_of(client_options const& o) {
  return o.seed() ? *o.seed() : std::random_device()() * 0x1'0000'0001ULL;
}

dispatch::settings settings_of(client_options const& o, dispatch::authentication scheme) {
  return {.pool = o.pool(),
          .timeouts = o.timeouts(),
          .retry = o.retry(),
          .deadline = o.deadline(),
          .login_cool_down = o.login_cool_down(),
          .authentication = scheme,
          .seed = seed_of(o)};
}

} // namespace

core::core(boost::asio::any_io_executor executor, client_options options, std::unique_ptr<net::platform> platform)
    : executor_(std::move(executor)), options_(checked(std::move(options))), platform_(std::move(platform)),
      url_(parse_server_url(options_.server())), head_(url_.authority, options_.user_agent()),
      tls_(make_tls(options_, url_)), identity_(options_.credentials()),
      dispatcher_(settings_of(options_, identity_.authentication())) {
  constexpr std::size_t most_buffers = 64;
  buffers_.reserve(most_buffers);
  options_.credentials(no_credentials()); // the identity has them, and only as long as they are of use
}

core::~core() = default;

// All memory that the dispatcher needs for one more call, and that call's record.
call_id core::prepare() {
  call_id const id = dispatcher_.prepare(decided_);
  while (records_.size() < dispatcher_.call_slots())
    records_.emplace_back();
  return id;
}

call_id core::start(operation const& op, std::string_view link, std::string_view provider, call_options const& options,
                    boost::asio::cancellation_slot slot, reply_handler handler) {
  auto const self = shared_from_this(); // the call may end on another thread meanwhile, and whoever awaits it end us
  chores todo{.posted = true};
  call_id id;
  error refused;
  {
    std::unique_lock lock(mutex_);
    if (dropped_)
      return id;
    if (!decided_.empty()) { // memory was out a moment ago: the alarm sees to what was decided, and to its records
      wake_by(platform_->now());
      throw std::bad_alloc();
    }
    id = prepare();
    call_record& c = record(id);
    if (!write_target(op, link, provider, c.target, refused)) { // where it stays: no call costs memory for it
      lock.unlock();
      return refuse(executor_, std::move(refused), std::move(handler));
    }
    dispatch::call_request const r{.deadline = bounded(options.deadline().value_or(options_.deadline())),
                                   .max_attempts = options.attempts().value_or(options_.retry().attempts),
                                   .idempotent = op.idempotent(),
                                   .asks = op.asks()};
    auto const now = platform_->now();
    c.op = &op;
    c.header_lines = options.header_lines();
    if (!closed_) // else the call ends here and now, and leaves the io_context nothing to wait for
      wake_by(dispatcher_.first_deadline(now, r));
    if (slot.is_connected()) // before the mutex is released: the call may be over a moment later, and its slot gone
      slot.emplace<cancellation>(weak_from_this(), id);
    c.handler.swap(handler); // all memory there is to take was taken: there is a call, or bad_alloc has left
    dispatcher_.submit(now, r, decided_);
    collect(todo);
  }
  carry_out(todo);
  return id;
}

void core::cancel(call_id id, bool unless_sent) {
  chores todo{.posted = true};
  {
    std::lock_guard lock(mutex_);
    if (dropped_) // nobody would take what ends here
      return;
    dispatcher_.cancel(platform_->now(), id, unless_sent, decided_);
    collect(todo);
  }
  carry_out(todo);
}

void core::close(close_handler handler) {
  auto const self = shared_from_this(); // as in start()
  chores todo{.posted = true};
  {
    std::lock_guard lock(mutex_);
    if (dropped_)
      return;
    if (handler) {
      wake_by(platform_->now() + std::chrono::seconds(1)); // should there be no memory to tell
      closers_.emplace_back();
      closers_.back().swap(handler);
    }
    todo.closed = closed_;
    dispatcher_.close(platform_->now(), decided_);
    collect(todo);
  }
  carry_out(todo);
}

// There may be no memory at all; even an empty deque takes some.
void core::drop() noexcept {
  std::list<chores::ended> late;
  std::vector<std::shared_ptr<net::connection>> connections;
  std::list<close_handler> closers;
  {
    std::lock_guard lock(mutex_);
    dropped_ = true;
    late.swap(late_);
    connections.swap(connections_);
    closers.swap(closers_);
    platform_->cancel_alarm();
  }
  for (std::size_t slot = 0;; ++slot) {
    reply_handler handler; // released with no lock held
    std::lock_guard lock(mutex_);
    if (slot == records_.size())
      break;
    handler.swap(records_[slot].handler);
  }
  for (auto const& c : connections)
    if (c)
      c->close();
}

std::optional<session_token> core::release_session() {
  std::lock_guard lock(mutex_);
  if (!dispatcher_.release_session())
    return std::nullopt;
  return session_token(std::string(identity_.token()));
}

client_stats core::stats() {
  std::lock_guard lock(mutex_);
  return dispatcher_.stats();
}

// A connection's mutex is taken before ours, never with it held.
std::optional<dispatch::standing> core::where(call_id id) {
  std::optional<dispatch::standing> s;
  std::shared_ptr<net::connection> runs_on;
  {
    std::lock_guard lock(mutex_);
    s = dispatcher_.where(id);
    if (s && s->connection && s->connection.slot < connections_.size())
      runs_on = connections_[s->connection.slot];
  }
  if (runs_on)
    s->stage = runs_on->stage();
  return s;
}

} // namespace hvc::detail
