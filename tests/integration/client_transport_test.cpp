// The transport over a socket of the system: what a wait that reads ahead gives, and in what order.
#include "net/asio_transport.hpp"

#include <catch.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using hvc::net::error_code;

struct news final : hvc::net::transport_events {
  void on_connected(error_code ec) override { connected = ec; }
  void on_readable(error_code ec) override { readable = ec; }
  void on_writable(error_code) override {}
  std::optional<error_code> connected, readable;
};

struct line {
  line() {
    transport->connect(acceptor.local_endpoint(), events);
    peer = acceptor.accept();
    until(events->connected);
  }

  error_code until(std::optional<error_code>& told) {
    while (!told) {
      ioc.restart();
      ioc.run_one();
    }
    return *std::exchange(told, std::nullopt);
  }
  error_code await(bool ahead) {
    transport->wait_readable(events, ahead);
    return until(events->readable);
  }
  // All there is, and whether the transport said so.
  std::string received() {
    std::string text;
    for (;;) {
      hvc::net::transport::room bytes;
      error_code ec;
      auto const [n, all] = transport->receive(bytes, ec);
      text.append(bytes.data(), n);
      if (ec || all)
        return text;
    }
  }
  void says(std::string_view text) { asio::write(peer, asio::buffer(text)); }

  asio::io_context ioc;
  tcp::acceptor acceptor{ioc, {asio::ip::address_v4::loopback(), 0}};
  tcp::socket peer{ioc};
  std::shared_ptr<news> events = std::make_shared<news>();
  std::shared_ptr<hvc::net::reply_buffers> buffers = std::make_shared<hvc::net::reply_buffers>();
  std::unique_ptr<hvc::net::transport> transport = hvc::net::make_asio_transport(ioc.get_executor(), buffers);
};

} // namespace

TEST_CASE("what a wait took in ahead is received first, time after time") {
  line l;
  for (std::string const text : {"one", "two", "three"}) {
    l.says(text);
    REQUIRE_FALSE(l.await(true));
    CHECK(l.received() == text);
  }
}

TEST_CASE("what is longer than a wait takes in ahead is received to its last byte") {
  for (std::size_t const size : {2047, 2048, 2049, 60'000}) {
    line l;
    std::string const text = std::string(size - 1, 'x') + '.';
    l.says(text);
    std::string got;
    while (got.size() < size) {
      REQUIRE_FALSE(l.await(true));
      got += l.received();
    }
    CHECK(got == text);
  }
}

TEST_CASE("the end behind bytes that were taken in ahead is told by the next wait") {
  bool const ahead = GENERATE(true, false);
  line l;
  l.says("last words");
  l.peer.close();
  REQUIRE_FALSE(l.await(true));
  CHECK(l.received() == "last words");
  auto const told = l.await(ahead);
  CHECK((told == asio::error::eof || (!told && l.received().empty())));
}

TEST_CASE("a wait that takes nothing ahead leaves the bytes to be seen, and to a later one that does") {
  line l;
  l.says("early");
  REQUIRE_FALSE(l.await(false));
  CHECK(l.transport->readable());
  REQUIRE_FALSE(l.await(true));
  CHECK_FALSE(l.transport->readable());
  CHECK(l.received() == "early");
}

TEST_CASE("a transport that is closed while it reads ahead says so, and receives nothing") {
  line l;
  l.transport->wait_readable(l.events, true);
  l.transport->close();
  CHECK(l.until(l.events->readable) == asio::error::operation_aborted);
}

TEST_CASE("a wait that finds no buffer to read ahead into waits, and all bytes are there to be received") {
  line l;
  std::vector<std::unique_ptr<hvc::net::reply_buffers::buffer>> taken;
  while (auto b = l.buffers->take())
    taken.push_back(std::move(b));
  l.says("as ever");
  REQUIRE_FALSE(l.await(true));
  CHECK(l.transport->readable());
  CHECK(l.received() == "as ever");
}

TEST_CASE("a buffer that was read ahead into is free again when nothing is expected, and when the transport is gone") {
  line l;
  auto const left = [&] {
    std::vector<std::unique_ptr<hvc::net::reply_buffers::buffer>> taken;
    while (auto b = l.buffers->take())
      taken.push_back(std::move(b));
    auto const count = taken.size();
    for (auto& b : taken)
      l.buffers->give(std::move(b));
    return count;
  };
  auto const all = left();
  l.says("a reply");
  l.await(true);
  CHECK(left() == all - 1);
  l.received();
  l.transport->wait_readable(l.events, false);
  CHECK(left() == all);
  l.says("another");
  l.until(l.events->readable);
  l.transport->wait_readable(l.events, true);
  CHECK(left() == all - 1);
  l.transport.reset();
  CHECK(left() == all);
}
