#include "probe.hpp"

#include "error_builder.hpp"
#include "net/system_failure.hpp"
#include "server_url.hpp"
#include "tls/certificate.hpp"
#include "tls/server_name.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ctime>
#include <memory>

namespace hvc::tools {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

date_time time_of(ASN1_TIME const* t) {
  std::tm tm{};
  if (ASN1_TIME_to_tm(t, &tm) != 1)
    return {};
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&tm)));
}

certificate_facts facts_of(X509 const* c) {
  return {tls::subject_of(c),
          tls::issuer_of(c),
          tls::names_of(c, 100),
          time_of(X509_get0_notBefore(c)),
          time_of(X509_get0_notAfter(c)),
          tls::to_text(tls::digest_of(c))};
}

asio::ssl::context any_server() {
  asio::ssl::context c(asio::ssl::context::tls_client);
  c.set_verify_mode(asio::ssl::verify_none);
  SSL_CTX_set_security_level(c.native_handle(), 0); // a weak certificate is to be seen, not to be trusted
  return c;
}

// What outlives the probe where a step is given up: a look-up of a name cannot be cancelled.
struct attempt {
  explicit attempt(asio::any_io_executor const& ex) : alarm(ex), resolver(ex), stream(ex, context) {}

  asio::ssl::context context = any_server();
  asio::steady_timer alarm;
  tcp::resolver resolver;
  tcp::resolver::results_type addresses;
  asio::ssl::stream<tcp::socket> stream;
  error_code ec;
  bool answered = false;
};
using shared_attempt = std::shared_ptr<attempt>;

// How long a step may take, and what it is if it takes longer.
struct limit {
  std::chrono::milliseconds time;
  error_kind kind;
};

limit limit_of(client_options const& o, std::chrono::milliseconds own, error_kind kind) {
  return o.deadline() < own ? limit{o.deadline(), error_kind::deadline} : limit{own, kind};
}

struct step {
  error_code ec;
  std::chrono::microseconds took{};
};

// Starts an operation that answers `done(ec)`, and waits for it as long as it may take.
template <class Start> asio::awaitable<step> in_time(shared_attempt a, limit at_most, Start& start) {
  auto const begin = std::chrono::steady_clock::now();
  a->answered = false;
  a->alarm.expires_after(at_most.time);
  start([a](error_code ec) {
    a->ec = ec;
    a->answered = true;
    a->alarm.cancel();
  });
  co_await a->alarm.async_wait(asio::as_tuple(asio::use_awaitable));
  step s{a->ec, std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin)};
  auto const state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    s.ec = asio::error::operation_aborted;
  else if (!a->answered)
    s.ec = asio::error::timed_out;
  co_return s;
}

error error_of(failure f, limit at_most) {
  if (f.code == asio::error::operation_aborted)
    f = {.kind = error_kind::canceled, .stage = f.stage};
  else if (f.code == asio::error::timed_out)
    f = {.kind = at_most.kind, .stage = f.stage};
  return error_builder(std::move(f)).build();
}

void take_certificates(probe_report& to, SSL const* ssl) {
  STACK_OF(X509) const* const chain = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i)
    to.chain.push_back(facts_of(sk_X509_value(chain, i)));
}

// The steps: whether the next one makes sense.
asio::awaitable<bool> resolve(shared_attempt a, server_url const& url, limit at_most, probe_report& r) {
  auto const start = [&](auto done) {
    a->resolver.async_resolve(url.host, std::to_string(url.port),
                              [a, done](error_code ec, tcp::resolver::results_type found) {
                                a->addresses = std::move(found);
                                done(ec);
                              });
  };
  step const resolved = co_await in_time(a, at_most, start);
  r.resolving = resolved.took;
  if (resolved.ec) {
    r.failed = error_of(net::resolve_failure(url.host, resolved.ec), at_most);
    co_return false;
  }
  for (auto const& entry : a->addresses)
    r.addresses.push_back(entry.endpoint().address().to_string());
  co_return true;
}

asio::awaitable<bool> connect(shared_attempt a, server_url const& url, limit at_most, probe_report& r) {
  auto const start = [&](auto done) {
    asio::async_connect(a->stream.next_layer(), a->addresses,
                        [done](error_code ec, tcp::endpoint const&) { done(ec); });
  };
  step const connected = co_await in_time(a, at_most, start);
  r.connecting = connected.took;
  error_code ignored;
  if (connected.ec) {
    a->stream.next_layer().close(ignored);
    r.failed = error_of(net::connect_failure(url.authority, connected.ec), at_most);
    co_return false;
  }
  r.peer = a->stream.next_layer().remote_endpoint(ignored).address().to_string();
  co_return true;
}

asio::awaitable<void> shake_hands(shared_attempt a, server_url const& url, limit at_most, probe_report& r) {
  SSL* const ssl = a->stream.native_handle();
  if (auto const name = tls::server_name::parse(url.host); name && !name->is_address)
    SSL_set_tlsext_host_name(ssl, name->text.c_str());
  auto const start = [&](auto done) { a->stream.async_handshake(asio::ssl::stream_base::client, done); };
  step const secured = co_await in_time(a, at_most, start);
  r.handshaking = secured.took;
  take_certificates(r, ssl);
  error_code ignored;
  a->stream.next_layer().close(ignored);
  if (secured.ec)
    r.failed = error_of({.kind = error_kind::tls_handshake, .stage = stage::handshake, .code = secured.ec}, at_most);
  else
    r.protocol = std::string(SSL_get_version(ssl)) + ", " + SSL_get_cipher_name(ssl);
}

} // namespace

asio::awaitable<probe_report> probe(client_options const& options) {
  co_await asio::this_coro::throw_if_cancelled(false);
  probe_report r;
  auto const url = parse_server_url(options.server());
  auto const a = std::make_shared<attempt>(co_await asio::this_coro::executor);
  auto const to_connect = limit_of(options, options.timeouts().connect, error_kind::connect_timeout);
  bool const resolved = co_await resolve(a, url, to_connect, r);
  if (!resolved)
    co_return r;
  bool const connected = co_await connect(a, url, to_connect, r);
  if (connected)
    co_await shake_hands(a, url, limit_of(options, options.timeouts().handshake, error_kind::tls_timeout), r);
  co_return r;
}

} // namespace hvc::tools
