#include "bare_exchanges.hpp"

#include "exchange/exchange.hpp"
#include "operations/operation.hpp"
#include "outcome.hpp"
#include "tls/context.hpp"

#include <hvc/detail/initiate.hpp>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace bench {
namespace {

constexpr std::string_view request = "GET /api/hvc/links/7f3c/sync/providers/vsphere.local HTTP/1.1\r\n"
                                     "Host: 127.0.0.1\r\nUser-Agent: hvc\r\nAccept: application/json\r\n"
                                     "vmware-api-session-id: 0123456789abcdef0123456789abcdef\r\n\r\n";

} // namespace

// Needs no mutex: one wait is under way at a time, and whoever is told arms the next one last.
class bare_exchanges::connection final : public hvc::net::transport_events,
                                         public std::enable_shared_from_this<connection> {
public:
  connection(bare_exchanges& all, std::shared_ptr<hvc::tls::context> tls)
      : all_(all), transport_(all.platform_->make_transport()), exchange_(std::move(tls), {}) {}

  void open() { transport_->connect({}, shared_from_this()); }
  void close() noexcept { transport_->close(); }

  void ask() {
    buffer_.assign(request);
    exchange_.begin({}, std::move(buffer_));
    flush();
  }

private:
  void on_connected(hvc::net::error_code) override {
    exchange_.connected();
    flush();
    transport_->wait_readable(shared_from_this());
  }

  void on_readable(hvc::net::error_code) override {
    std::array<char, 16 * 1024> bytes;
    hvc::net::error_code ec;
    std::size_t const n = transport_->receive(bytes, ec);
    auto const event = exchange_.received({bytes.data(), n});
    if (event == hvc::exchange::event::lost)
      throw std::runtime_error("an exchange was lost");
    if (event == hvc::exchange::event::reply)
      decode();
    flush();
    transport_->wait_readable(shared_from_this());
  }

  void on_writable(hvc::net::error_code) override {}

  void decode() {
    hvc::detail::outcome o;
    o.reply = exchange_.take_reply();
    hvc::detail::decode<hvc::sync_info>(o).value();
    buffer_ = std::move(o.reply.bytes);
    if (all_.another())
      ask();
    all_.answered();
  }

  void flush() {
    hvc::net::error_code ec;
    if (!exchange_.output().empty())
      exchange_.sent(transport_->send(exchange_.output(), ec));
  }

  bare_exchanges& all_;
  std::unique_ptr<hvc::net::transport> transport_;
  hvc::exchange exchange_;
  std::string buffer_; // of the last reply, for the next request
};

bare_exchanges::bare_exchanges(boost::asio::io_context& ioc, memory_server const& server, std::string const& json,
                               unsigned connections, std::size_t sealed_ahead)
    : ioc_(ioc), platform_(make_memory_platform(ioc.get_executor(), server, reply_with(json), sealed_ahead)) {
  hvc::tls_options trust;
  trust.ca_pem(server.authority_pem());
  auto const tls = hvc::tls::context::make(trust, "127.0.0.1").value();
  for (unsigned i = 0; i != connections; ++i) {
    connections_.push_back(std::make_shared<connection>(*this, tls));
    connections_.back()->open();
  }
  ioc_.run();
}

bare_exchanges::~bare_exchanges() {
  for (auto const& c : connections_)
    c->close();
}

void bare_exchanges::ask(int questions) {
  left_to_ask_ = left_to_answer_ = questions;
  for (auto const& c : connections_)
    if (another())
      c->ask();
}

void bare_exchanges::answered() {
  if (left_to_answer_.fetch_sub(1, std::memory_order_relaxed) == 1)
    ioc_.stop();
}

} // namespace bench
