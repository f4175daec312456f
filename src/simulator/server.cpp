// A coroutine for the listener and one for each connection, each on a strand of its own: so a server may run on any
// executor. Everything the listener owns is touched on its strand only, and likewise for a connection.
#include "server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

namespace hvc::simulation {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::uint64_t max_request_body = 1024 * 1024;
constexpr std::uint32_t max_request_head = 64 * 1024;
constexpr auto handshake_limit = 30s;
constexpr auto write_limit = 30s;         // for a peer that does not read
constexpr auto close_notify_wait = 200ms; // for the peer's own
constexpr auto grace = 500ms;             // of stop()

auto to(error_code& ec) { return asio::redirect_error(asio::use_awaitable, ec); }

class connection {
public:
  connection(tcp::socket socket, std::uint64_t number, server_settings const& settings,
             std::shared_ptr<tls_contexts> contexts, std::shared_ptr<service> s)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), number_(number), settings_(settings),
        contexts_(std::move(contexts)), service_(std::move(s)) {}

  [[nodiscard]] asio::any_io_executor get_executor() { return timer_.get_executor(); }

  asio::awaitable<void> run() {
    auto const fault = service_->next_handshake();
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    co_await wait(2 * settings_.rtt); // of TCP's handshake and of TLS 1.3's
    if (co_await shake_hands(fault))
      co_await serve();
  }

  // What waits ends at once, and so does an idle connection; a reply is still sent.
  void stop() {
    stopping_ = true;
    timer_.cancel();
    if (idle_)
      wire().cancel();
  }

  void cut() {
    stop();
    if (tls_)
      wire().close();
    else
      socket_.close();
  }

private:
  using tls_stream = asio::ssl::stream<boost::beast::tcp_stream>;

  [[nodiscard]] boost::beast::tcp_stream& wire() { return tls_->next_layer(); }

  asio::awaitable<void> wait(std::chrono::milliseconds time) {
    if (time <= 0ms || stopping_)
      co_return;
    error_code ignored;
    timer_.expires_after(time);
    co_await timer_.async_wait(to(ignored));
  }

  void start_tls(handshake_fault fault) {
    auto* const native = contexts_->context_for(fault).get();
    SSL_CTX_up_ref(native); // for the wrapper, which lives no longer than this function
    asio::ssl::context wrapper(native);
    tls_.emplace(std::move(socket_), wrapper);
  }

  // Whether there is TLS now. A fault that is none of TLS has ended the connection.
  asio::awaitable<bool> shake_hands(handshake_fault fault) {
    bool const below_tls = fault == handshake_fault::refuse || fault == handshake_fault::reset ||
                           fault == handshake_fault::silence || fault == handshake_fault::plain_http;
    start_tls(below_tls ? handshake_fault::none : fault);
    if (below_tls) {
      co_await refuse_tls(fault);
      co_return false;
    }
    error_code ec;
    idle_ = true;
    wire().expires_after(handshake_limit);
    co_await tls_->async_handshake(asio::ssl::stream_base::server, to(ec));
    idle_ = false;
    co_return !ec && !stopping_;
  }

  asio::awaitable<void> refuse_tls(handshake_fault fault) {
    if (fault == handshake_fault::silence)
      co_return co_await keep_silent();
    if (fault != handshake_fault::refuse)
      co_await read_client_hello();
    if (fault != handshake_fault::plain_http)
      co_return reset();
    static constexpr std::string_view text = "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\n"
                                             "content-length: 39\r\nconnection: close\r\n\r\n"
                                             "This is HTTP on a port meant for HTTPS\n";
    error_code ignored;
    co_await asio::async_write(wire(), asio::buffer(text), to(ignored));
    hang_up();
  }

  asio::awaitable<void> read_client_hello() {
    char hello[4096];
    error_code ignored;
    idle_ = true;
    wire().expires_after(handshake_limit);
    co_await wire().async_read_some(asio::buffer(hello), to(ignored));
    idle_ = false;
  }

  asio::awaitable<void> serve() {
    boost::beast::flat_buffer buffer;
    for (std::uint64_t exchange = 1; !stopping_; ++exchange) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(max_request_body);
      parser.header_limit(max_request_head);
      error_code ec;
      idle_ = true;
      wire().expires_after(settings_.idle_timeout);
      co_await http::async_read(*tls_, buffer, parser, to(ec));
      idle_ = false;
      if (ec)
        break;
      auto const last = !parser.get().keep_alive();
      auto steps = service_->answer(request_of(parser.release(), exchange));
      co_await wait(settings_.rtt);
      if (!co_await carry_out(steps))
        co_return;
      if (last)
        break;
    }
    co_await close();
  }

  [[nodiscard]] simulated_request request_of(http::request<http::string_body>&& from, std::uint64_t exchange) const {
    simulated_request r;
    r.method = from.method_string();
    r.target = from.target();
    for (auto const& f : from)
      r.fields.emplace_back(f.name_string(), f.value());
    r.body = std::move(from.body());
    r.connection = number_;
    r.exchange = exchange;
    return r;
  }

  // Whether the connection lives on.
  asio::awaitable<bool> carry_out(script const& steps) {
    error_code ec;
    for (auto const& s : steps) {
      wire().expires_after(write_limit);
      switch (s.what) {
      case step::act::send:
        co_await asio::async_write(*tls_, asio::buffer(s.bytes), to(ec));
        break;
      case step::act::send_in_clear:
        co_await asio::async_write(wire(), asio::buffer(s.bytes), to(ec));
        break;
      case step::act::drip:
        co_await drip(s, ec);
        break;
      case step::act::wait:
        co_await wait(s.time);
        break;
      case step::act::close:
        co_await close();
        co_return false;
      case step::act::hang_up:
        hang_up();
        co_return false;
      case step::act::reset:
        reset();
        co_return false;
      case step::act::keep_silent:
        co_await keep_silent();
        co_return false;
      }
      if (ec)
        co_return false;
    }
    co_return true;
  }

  asio::awaitable<void> drip(step const& s, error_code& ec) {
    for (auto const& byte : s.bytes) {
      co_await wait(s.time);
      if (stopping_)
        ec = asio::error::operation_aborted;
      if (ec)
        co_return;
      wire().expires_after(write_limit);
      co_await asio::async_write(*tls_, asio::buffer(&byte, 1), to(ec));
    }
  }

  asio::awaitable<void> keep_silent() {
    char ignored[4096];
    error_code ec;
    wire().expires_never();
    idle_ = true;
    while (!ec && !stopping_)
      co_await wire().async_read_some(asio::buffer(ignored), to(ec));
    idle_ = false;
  }

  asio::awaitable<void> close() {
    error_code ignored;
    wire().expires_after(close_notify_wait);
    co_await tls_->async_shutdown(to(ignored));
    hang_up();
  }

  void hang_up() {
    error_code ignored;
    wire().socket().shutdown(tcp::socket::shutdown_send, ignored);
    wire().socket().close(ignored);
  }

  void reset() {
    error_code ignored;
    wire().socket().set_option(tcp::socket::linger(true, 0), ignored);
    wire().socket().close(ignored);
  }

  tcp::socket socket_; // until there is a tls_
  std::optional<tls_stream> tls_;
  asio::steady_timer timer_;
  std::uint64_t number_;
  server_settings settings_;
  std::shared_ptr<tls_contexts> contexts_;
  std::shared_ptr<service> service_;
  bool idle_ = false; // waits for the peer, and owes it nothing
  bool stopping_ = false;
};

class listener final : public server, public std::enable_shared_from_this<listener> {
public:
  listener(asio::any_io_executor executor, server_settings settings, std::shared_ptr<tls_contexts> contexts,
           std::shared_ptr<service> s)
      : executor_(std::move(executor)), strand_(asio::make_strand(executor_)), acceptor_(strand_), timer_(strand_),
        settings_(std::move(settings)), contexts_(std::move(contexts)), service_(std::move(s)) {
    tcp::endpoint const where(asio::ip::make_address(settings_.address), settings_.port);
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true)); // a restarted server finds its port free
    acceptor_.bind(where);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
  }

  [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }

  void accept() { asio::co_spawn(strand_, accept_all(shared_from_this()), asio::detached); }

  void stop() override {
    asio::post(strand_, [self = shared_from_this()] { self->begin_to_stop(); });
  }

private:
  // Static, with a pointer of its own: the coroutine keeps the listener alive.
  static asio::awaitable<void> accept_all(std::shared_ptr<listener> self) {
    while (!self->stopping_) {
      tcp::socket socket(asio::make_strand(self->executor_));
      error_code ec;
      co_await self->acceptor_.async_accept(socket, to(ec));
      if (!ec && !self->stopping_) { // it may have been accepted just before the end
        self->open(std::move(socket));
      } else if (!self->stopping_) { // out of file descriptors, most likely: later there may be some
        self->timer_.expires_after(50ms);
        co_await self->timer_.async_wait(to(ec));
      }
    }
  }

  void open(tcp::socket socket) {
    auto const number = ++accepted_;
    auto const c = std::make_shared<connection>(std::move(socket), number, settings_, contexts_, service_);
    open_.emplace(number, c);
    service_->connection_opened();
    auto closed = [self = shared_from_this(), c, number](std::exception_ptr) {
      self->open_.erase(number);
      self->service_->connection_closed();
      if (self->stopping_ && self->open_.empty())
        self->timer_.cancel();
    };
    asio::co_spawn(c->get_executor(), c->run(), asio::bind_executor(strand_, std::move(closed)));
  }

  void begin_to_stop() {
    if (stopping_)
      return;
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    timer_.cancel();
    each_connection(&connection::stop);
    if (open_.empty())
      return;
    timer_.expires_after(grace);
    timer_.async_wait([self = shared_from_this()](error_code) { self->each_connection(&connection::cut); });
  }

  void each_connection(void (connection::*what)()) {
    for (auto const& [number, weak] : open_)
      if (auto c = weak.lock())
        asio::post(c->get_executor(), [c, what] { (c.get()->*what)(); });
  }

  asio::any_io_executor executor_;
  asio::strand<asio::any_io_executor> strand_;
  tcp::acceptor acceptor_;
  asio::steady_timer timer_; // of the pause after a failed accept, then of the grace
  server_settings settings_;
  std::shared_ptr<tls_contexts> contexts_;
  std::shared_ptr<service> service_;
  std::uint16_t port_ = 0;
  std::map<std::uint64_t, std::weak_ptr<connection>> open_;
  std::uint64_t accepted_ = 0;
  bool stopping_ = false;
};

} // namespace

std::shared_ptr<server> server::start(boost::asio::any_io_executor executor, server_settings settings,
                                      std::shared_ptr<tls_contexts> contexts, std::shared_ptr<service> service) {
  auto s =
      std::make_shared<listener>(std::move(executor), std::move(settings), std::move(contexts), std::move(service));
  s->accept();
  return s;
}

} // namespace hvc::simulation
