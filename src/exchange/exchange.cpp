#include "exchange/exchange.hpp"

#include "error_builder.hpp"
#include "session/secret.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <utility>

namespace hvc {
namespace {

constexpr std::size_t usual_reply = 2048;

bool is_end_of_file(boost::system::error_code ec) noexcept { return ec == boost::asio::error::eof; }

failure handshake_cut(boost::system::error_code why) {
  failure f;
  f.kind = error_kind::tls_handshake;
  f.reason = "reset_in_handshake";
  f.code = why;
  f.text = "the server closed the connection during the TLS handshake; a vCenter does so when its proxy has too many "
           "connections";
  return f;
}

failure cut() {
  failure f;
  f.kind = error_kind::connection_lost;
  f.reason = "before_headers";
  return f;
}

failure unsolicited(std::string_view text) {
  failure f;
  f.kind = error_kind::protocol;
  f.reason = "unsolicited";
  f.text = text;
  return f;
}

} // namespace

exchange::exchange(std::shared_ptr<tls::context> context, http::reply_limits const& limits)
    : tls_(std::move(context)), reader_(limits) {}

exchange::event exchange::connected() { return shake_hands(); }

exchange::event exchange::received(std::span<char const> ciphertext) {
  request_waits_ = !output().empty();
  tls_.feed(ciphertext);
  switch (phase_) {
  case phase::handshaking:
    return shake_hands();
  case phase::idle:
    return read_idle();
  case phase::exchanging:
    return read_reply();
  case phase::dead:
    break;
  }
  return event::none;
}

exchange::event exchange::shake_hands() {
  switch (tls_.handshake()) {
  case tls::io::want_input:
    return event::none;
  case tls::io::done:
    break;
  case tls::io::closed:
    return lose(handshake_cut({}));
  case tls::io::failed:
    return lose(tls_.take_failure());
  }
  phase_ = phase::idle;
  if (event const e = read_idle(); e != event::none)
    return e;
  return event::ready;
}

// RFC 9112, section 9.2: what comes while no request is outstanding is no reply; the connection is closed.
exchange::event exchange::read_idle() {
  std::array<char, 64> bytes;
  std::size_t n = 0;
  switch (tls_.read(bytes, n)) {
  case tls::io::want_input:
    return event::none;
  case tls::io::done:
    return lose(unsolicited("the server sent bytes while no request was outstanding"));
  case tls::io::closed:
    return lose(cut());
  case tls::io::failed:
    return lose(tls_.take_failure());
  }
  return event::none;
}

exchange::event exchange::begin(call_id call, std::string request) {
  call_ = call;
  phase_ = phase::exchanging;
  request_sent_ = false;
  auto const written = tls_.write(request);
  session::cleanse(request);
  reader_.begin(std::move(request));
  return written == tls::io::failed ? lose(tls_.take_failure()) : event::none;
}

void exchange::sent(std::size_t n) noexcept {
  tls_.consume_output(n);
  request_sent_ = request_sent_ || (n > 0 && phase_ == phase::exchanging);
}

// What comes on a reused connection before the whole request has left answers something else. On a fresh one it is a
// server that refuses early.
exchange::event exchange::read_reply() {
  for (;;) {
    std::size_t n = 0;
    tls::io const io = tls_.read(reader_.prepare(usual_reply), n);
    http::progress p = http::progress::need_more;
    switch (io) {
    case tls::io::want_input:
      return event::none;
    case tls::io::done:
      if (request_waits_ && served_ > 0)
        return lose(unsolicited("the server sent bytes before the request had left"));
      p = reader_.commit(n);
      break;
    case tls::io::closed:
      p = reader_.end(true);
      break;
    case tls::io::failed:
      return lose(tls_.take_failure());
    }
    if (p == http::progress::reply)
      return finish_reply();
    if (p == http::progress::failed)
      return lose(reader_.take_failure());
  }
}

exchange::event exchange::finish_reply() {
  bool const surplus = reader_.surplus();
  reply_ = reader_.take();
  reply_.reusable = reply_.reusable && !surplus && !request_waits_;
  ++served_;
  phase_ = phase::idle;
  if (reply_.reusable && tls_.input_left() && read_idle() != event::none)
    reply_.reusable = false;
  if (!reply_.reusable) {
    tls_.shutdown();
    phase_ = phase::dead;
  }
  return event::reply;
}

exchange::event exchange::ended(boost::system::error_code why) {
  switch (phase_) {
  case phase::dead:
    return event::none;
  case phase::handshaking:
    return lose(handshake_cut(why));
  case phase::idle:
  case phase::exchanging:
    break;
  }
  failure f = cut();
  if (phase_ == phase::exchanging) {
    if (reader_.end(false) == http::progress::reply)
      return finish_reply();
    f = reader_.take_failure();
  }
  if (!is_end_of_file(why))
    f.code = why;
  else if (send_error_)
    f.code = send_error_;
  return lose(std::move(f));
}

exchange::event exchange::silent(call_id call) {
  if (phase_ != phase::exchanging || call != call_ || reader_.started())
    return event::none;
  failure f;
  f.kind = error_kind::attempt_timeout;
  f.stage = stage();
  return lose(std::move(f));
}

dispatch::loss exchange::out_of_memory() noexcept {
  lose({.kind = error_kind::resource, .reason = "memory"});
  return take_loss();
}

hvc::stage exchange::stage() const noexcept {
  if (phase_ == phase::handshaking)
    return stage::handshake;
  return output().empty() || reader_.started() ? reader_.stage() : stage::write;
}

exchange::event exchange::lose(failure f) {
  bool const exchanging = phase_ == phase::exchanging;
  f.stage = stage();
  loss_.begun = exchanging;
  loss_.sent = exchanging && request_sent_;
  loss_.reply_started = exchanging && reader_.started();
  loss_.why = error_builder(std::move(f)).build();
  if (exchanging) // what has not left yet must not any more: the call may go elsewhere
    tls_.consume_output(output().size());
  phase_ = phase::dead;
  return event::lost;
}

void exchange::close() noexcept {
  if (phase_ == phase::exchanging)
    tls_.consume_output(output().size()); // an abort: the rest of the request has no purpose
  if (phase_ == phase::idle)
    tls_.shutdown();
  phase_ = phase::dead;
}

} // namespace hvc
