#include "net/connection.hpp"

#include "error_builder.hpp"
#include "net/system_failure.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <new>
#include <string>
#include <utility>

namespace hvc::net {
namespace {

// A socket that was empty so short a time ago is not looked at again: while a request is on its way there is as much
// time for something else to arrive, and nobody can tell.
constexpr auto a_moment = std::chrono::microseconds(100);

// So many requests wait at once after one whose reply was not there at the end of the turn.
constexpr std::uint8_t looks_skipped = 7;

std::string text_of(endpoint const& e) {
  auto const address = e.address().to_string();
  return (e.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(e.port());
}

} // namespace

connection::connection(connection_id id, std::shared_ptr<connection_owner> owner, net::platform& platform,
                       std::shared_ptr<tls::context> context, http::reply_limits const& limits)
    : id_(id), owner_(std::move(owner)), platform_(platform), exchange_(std::move(context), limits) {}

void connection::open(std::string const& host, std::uint16_t port) {
  platform_.resolve(host, port, [self = shared_from_this(), host](error_code ec, std::vector<endpoint> addresses) {
    self->on_resolved(host, ec, std::move(addresses));
  });
}

void connection::on_resolved(std::string const& host, error_code ec, std::vector<endpoint> addresses) {
  chores todo;
  {
    std::lock_guard lock(mutex_);
    if (closed_)
      return;
    guarded(todo, [&] {
      constexpr std::size_t most_addresses = 8; // each needs a share of the time that is worth having
      if (addresses.size() > most_addresses)
        addresses.resize(most_addresses);
      addresses_ = std::move(addresses);
      if (ec || addresses_.empty())
        return fail_to_open(resolve_failure(host, ec), todo);
      owner_->trying_address(id_, static_cast<unsigned>(addresses_.size()));
      try_address();
    });
  }
  owner_->carry_out(todo);
}

void connection::try_address() {
  transport_ = platform_.make_transport();
  connecting_ = true;
  transport_->connect(addresses_.front(), shared_from_this());
}

void connection::next_address(chores& todo) {
  std::lock_guard lock(mutex_);
  if (closed_)
    return;
  if (!connecting_)
    return guarded(todo, [&] { arm(); }); // too late; but arm_if_unarmed() may have left that to whoever has the mutex
  if (addresses_.size() < 2)
    return;
  transport_->close();
  moves_on_ = true;
}

void connection::on_connected(error_code ec) {
  chores todo;
  {
    std::lock_guard lock(mutex_);
    if (closed_)
      return;
    connecting_ = false;
    guarded(todo, [&] {
      if (std::exchange(moves_on_, false)) {
        addresses_.erase(addresses_.begin());
        return try_address();
      }
      if (ec && addresses_.size() > 1) {
        addresses_.erase(addresses_.begin());
        owner_->trying_address(id_, static_cast<unsigned>(addresses_.size()));
        return try_address();
      }
      if (ec)
        return fail_to_open(connect_failure(text_of(addresses_.front()), ec), todo);
      addresses_ = {};
      owner_->handshaking(id_);
      handle(exchange_.connected(), todo);
      arm();
    });
  }
  owner_->carry_out(todo);
}

void connection::fail_to_open(failure f, chores& todo) {
  closed_ = true;
  if (transport_)
    transport_->close();
  bool const transient = f.kind == error_kind::resolve && is_transient_resolve_error(f.code);
  owner_->lost(id_, {.why = error_builder(std::move(f)).retryable(transient).build()}, todo);
}

// Where a step finds no memory the connection is lost, and nothing else.
template <class F> void connection::guarded(chores& todo, F step) {
  try {
    step();
  } catch (std::bad_alloc const&) {
    give_up(exchange_.out_of_memory(), todo);
  }
}

void connection::give_up(dispatch::loss l, chores& todo) {
  closed_ = true;
  if (transport_)
    transport_->close();
  owner_->lost(id_, std::move(l), todo);
}

void connection::on_readable(error_code ec) {
  chores todo;
  {
    std::lock_guard lock(mutex_);
    armed_ = false;
    if (closed_ || ec == boost::asio::error::operation_aborted)
      return;
    guarded(todo, [&] {
      auto const event = ec ? exchange_.ended(ec) : take_in();
      looks_ = asked_ = false;
      handle(event, todo);
      if (call_id const call = std::exchange(held_back_, {}))
        start_if_nothing_waits(call, todo);
      if (!exchange_.idle())
        arm();
    });
  }
  try {
    owner_->carry_out(todo);
  } catch (...) { // a caller's handler
    arm_if_unarmed();
    throw;
  }
  arm_if_unarmed();
}

// After the callers were told: mostly one of them had something to ask at once, and the connection is at work again.
// Else what it waits for now is its end. Another thread that has the mutex is not waited for: it arms before it leaves.
void connection::arm_if_unarmed() {
  std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || closed_ || armed_ || exchange_.dead())
    return;
  chores todo;
  guarded(todo, [&] { arm(); });
  lock.unlock();
  owner_->carry_out(todo);
}

// What has come, up to the end of a reply. The buffer lives no longer than that, and is the same memory for all.
exchange::event connection::take_in() {
  std::array<char, 16 * 1024> bytes;
  for (;;) {
    error_code ec;
    std::size_t const n = transport_->receive(bytes, ec);
    if (ec == boost::asio::error::would_block) {
      if (looks_)
        looks_to_skip_ = looks_skipped;
      emptied_at_ = platform_.now();
      return exchange::event::none;
    }
    if (ec || n == 0)
      return exchange_.ended(ec ? ec : error_code(boost::asio::error::eof));
    bool const emptied = n < bytes.size();
    emptied_at_ = emptied ? platform_.now() : time_point();
    if (auto const event = exchange_.received({bytes.data(), n}); emptied || event != exchange::event::none)
      return event;
  }
}

void connection::handle(exchange::event e, chores& todo) {
  switch (e) {
  case exchange::event::none:
    break;
  case exchange::event::ready:
    owner_->dialled(id_, exchange_.resumed(), todo);
    begin_if_handed_a_call(todo);
    break;
  case exchange::event::reply:
    try {
      owner_->replied(id_, exchange_.call(), exchange_.take_reply(), todo);
    } catch (std::bad_alloc const&) {
      auto l = exchange_.out_of_memory();
      l.begun = l.sent = l.reply_started = true; // of the exchange that is just over
      return give_up(std::move(l), todo);
    }
    begin_if_handed_a_call(todo);
    break;
  case exchange::event::lost:
    flush(); // an alert, perhaps
    closed_ = true;
    transport_->close();
    return owner_->lost(id_, exchange_.take_loss(), todo);
  }
  flush();
}

// The next call, if the owner gave this connection one: its request leaves in the same turn.
void connection::begin_if_handed_a_call(chores& todo) {
  call_id const call = std::exchange(todo.next_call, {});
  if (!call)
    return;
  if (emptied_at_ == time_point())
    held_back_ = call; // there may be more behind that reply: whoever reads looks first
  else
    begin(call, todo);
}

void connection::start(call_id call, chores& todo) {
  std::lock_guard lock(mutex_);
  guarded(todo, [&] { start_if_nothing_waits(call, todo); });
}

// What waits to be read came before the request, and would be taken for its reply (RFC 9112, section 9.2): the armed
// read sees to it first. Mostly it is the end of the connection, and the call goes elsewhere.
void connection::start_if_nothing_waits(call_id call, chores& todo) {
  if (closed_ || !exchange_.idle())
    return; // it was lost a moment ago, and the owner told
  if (platform_.now() - emptied_at_ > a_moment && transport_->readable()) {
    held_back_ = call;
  } else {
    begin(call, todo);
    flush();
  }
  arm();
}

void connection::begin(call_id call, chores& todo) {
  std::string request;
  if (!owner_->write_request(id_, call, request))
    return;
  asked_ = true;
  if (auto const event = exchange_.begin(call, std::move(request)); event == exchange::event::lost)
    handle(event, todo);
}

void connection::probe(call_id call, chores& todo) {
  std::lock_guard lock(mutex_);
  if (closed_)
    return;
  guarded(todo, [&] {
    handle(exchange_.silent(call), todo);
    arm();
  });
}

// Sends at once what the socket takes, which is nearly always everything; waits only for the rest.
void connection::flush() {
  while (!closed_ && !waits_writable_ && !exchange_.output().empty()) {
    error_code ec;
    std::size_t const n = transport_->send(exchange_.output(), ec);
    exchange_.sent(n);
    if (ec == boost::asio::error::would_block) {
      waits_writable_ = true;
      return transport_->wait_writable(shared_from_this());
    }
    if (ec) // the armed read says what became of the connection, and may bring a reply first
      return exchange_.send_failed(ec);
  }
}

void connection::on_writable(error_code ec) {
  chores todo;
  {
    std::lock_guard lock(mutex_);
    waits_writable_ = false;
    guarded(todo, [&] {
      if (!ec)
        flush();
      arm();
    });
  }
  owner_->carry_out(todo);
}

void connection::arm() {
  if (closed_ || armed_ || exchange_.dead())
    return;
  if (exchange_.idle())
    exchange_.release_room();
  looks_ = std::exchange(asked_, false) && look_first();
  if (looks_)
    transport_->look_later(shared_from_this());
  else
    transport_->wait_readable(shared_from_this());
  armed_ = true;
}

// Where many connections are at work the reply is mostly there when all that was ready has had its turn, and that
// spares the system call that arms a wait.
bool connection::look_first() noexcept {
  if (looks_to_skip_ == 0)
    return true;
  --looks_to_skip_;
  return false;
}

hvc::stage connection::stage() {
  std::lock_guard lock(mutex_);
  return exchange_.stage();
}

hvc::stage connection::close() noexcept {
  std::lock_guard lock(mutex_);
  hvc::stage const stage = exchange_.stage();
  if (closed_ || !transport_) {
    closed_ = true;
    return stage;
  }
  exchange_.close();
  if (error_code ec; !waits_writable_ && !exchange_.output().empty())
    transport_->send(exchange_.output(), ec);
  closed_ = true;
  transport_->close();
  return stage;
}

} // namespace hvc::net
