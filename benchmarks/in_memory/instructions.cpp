// hvc-instructions: fixed amounts of work whose instructions are counted under callgrind, which needs no quiet machine.
// What counts is what runs inside the functions named scenario_*; the server's share runs outside them. See
// ../instructions.
#include "memory_server.hpp"

#include "dispatch/dispatcher.hpp"
#include "exchange/exchange.hpp"
#include "http/request_head.hpp"

#include <hvc/codec.hpp>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#define SCENARIO extern "C" [[gnu::noinline]] __attribute__((visibility("default")))

namespace {

using namespace std::chrono_literals;
constexpr int repetitions = 200; // ../instructions divides by it

// A client's end of one connection, over memory.
class client_end {
public:
  explicit client_end(bench::memory_server const& server)
      : peer_(server), head_("127.0.0.1", "hvc"), exchange_(context_for(server), {}) {
    event_ = exchange_.connected();
    while (event_ != hvc::exchange::event::ready) {
      if (event_ == hvc::exchange::event::lost)
        throw std::runtime_error(exchange_.take_loss().why.message());
      peer_.feed(exchange_.output());
      exchange_.sent(exchange_.output().size());
      wire_ = peer_.take();
      if (wire_.empty())
        throw std::runtime_error("the handshake does not go on");
      event_ = exchange_.received(wire_);
    }
    peer_.feed(exchange_.output());
    exchange_.sent(exchange_.output().size());
    wire_ = peer_.take(); // the session ticket
    if (!wire_.empty())
      event_ = exchange_.received(wire_);
  }

  void ask() {
    request_.clear();
    head_.write(request_, hvc::http::method::get, "/api/hvc/links/7f3c/sync/providers/vsphere.local",
                "vmware-api-session-id: 0123456789abcdef0123456789abcdef", {});
    event_ = exchange_.begin(hvc::call_id{0, 1}, request_, std::move(recycled_));
  }

  void answer(std::string_view reply) { // the server's part
    peer_.feed(exchange_.output());
    exchange_.sent(exchange_.output().size());
    if (peer_.read().empty())
      throw std::runtime_error("the server got no request");
    peer_.write(reply);
    wire_ = peer_.take();
  }

  void take_answer() {
    event_ = exchange_.received(wire_);
    if (event_ != hvc::exchange::event::reply)
      throw std::runtime_error("no reply");
    hvc::http::reply reply = exchange_.take_reply();
    if (!hvc::decode_sync_info(reply.text(reply.body)))
      throw std::runtime_error("the reply was not understood");
    recycled_ = std::move(reply.bytes);
  }

private:
  static std::shared_ptr<hvc::tls::context> context_for(bench::memory_server const& server) {
    hvc::tls_options options;
    options.ca_pem(server.authority_pem());
    return hvc::tls::context::make(options, "127.0.0.1").value();
  }

  bench::memory_peer peer_;
  hvc::http::request_head head_;
  hvc::exchange exchange_;
  hvc::exchange::event event_;
  std::string wire_, request_, recycled_;
};

} // namespace

SCENARIO bool scenario_decode(std::string const& json) { return hvc::decode_sync_info(json).has_value(); }

SCENARIO void scenario_exchange_ask(client_end& c) { c.ask(); }
SCENARIO void scenario_exchange_answer(client_end& c) { c.take_answer(); }

SCENARIO hvc::call_id scenario_dispatch_submit(hvc::dispatch::dispatcher& d, hvc::dispatch::time_point now,
                                               hvc::dispatch::actions& out) {
  return d.submit(now, {30s, 3, true}, out);
}
SCENARIO void scenario_dispatch_success(hvc::dispatch::dispatcher& d, hvc::dispatch::time_point now,
                                        hvc::connection_id connection, hvc::call_id call, hvc::dispatch::actions& out) {
  d.succeeded(now, connection, call, {true, {}}, out);
}

namespace {

void decode(std::string const& json) {
  for (int i = 0; i != repetitions; ++i)
    if (!scenario_decode(json))
      throw std::runtime_error("the Info was not understood");
}

void exchange(std::string const& json) {
  bench::memory_server const server;
  client_end client(server);
  std::string const reply =
      "HTTP/1.1 200 OK\r\ndate: Sat, 14 Mar 2026 09:26:53 GMT\r\ncontent-type: application/json\r\n"
      "content-length: " +
      std::to_string(json.size()) + "\r\nserver: envoy\r\n\r\n" + json;
  for (int i = 0; i != repetitions; ++i) {
    scenario_exchange_ask(client);
    client.answer(reply);
    scenario_exchange_answer(client);
  }
}

void dispatch() {
  hvc::dispatch::settings settings;
  settings.deadline = 30s;
  hvc::dispatch::dispatcher dispatcher(settings);
  hvc::dispatch::time_point now{};
  hvc::dispatch::actions actions;
  hvc::call_id call = dispatcher.submit(now, {30s, 3, true}, actions);
  hvc::connection_id connection;
  for (auto const& a : actions)
    if (a.what == hvc::dispatch::action::type::dial)
      connection = a.connection;
  dispatcher.resolved(now, connection, 1);
  dispatcher.handshaking(now, connection);
  dispatcher.dialled(now, connection, false, actions);
  dispatcher.succeeded(now, connection, call, {true, {}}, actions);
  for (int i = 0; i != repetitions; ++i) {
    now += 9us;
    actions.clear();
    call = scenario_dispatch_submit(dispatcher, now, actions);
    scenario_dispatch_success(dispatcher, now, connection, call, actions);
  }
}

} // namespace

// usage: hvc-instructions decode|exchange|dispatch REPLY_FILE
int main(int argc, char** argv) {
  if (argc != 3)
    return 2;
  try {
    std::string const scenario = argv[1];
    std::ifstream file(argv[2]);
    std::string const json(std::istreambuf_iterator<char>(file), {});
    scenario == "decode" ? decode(json) : scenario == "exchange" ? exchange(json) : dispatch();
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-instructions: %s\n", e.what());
    return 1;
  }
}
