// Single steps of a request below the decoding: writing its head, framing a reply, a turn of the pool, of the session
// and of the deadline queue, and all of the dispatcher's decisions for one call.
#include "open_dispatcher.hpp"

#include "dispatch/deadline_queue.hpp"
#include "http/reply_reader.hpp"
#include "http/request_head.hpp"
#include "pool/pool.hpp"
#include "session/session.hpp"

#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

namespace {

using namespace std::chrono_literals;

void write_head(benchmark::State& s) {
  hvc::http::request_head const head("vc.example.com", "hvc/0.1");
  std::string out;
  for (auto _ : s) {
    out.clear();
    head.write(out, hvc::http::method::get, "/api/hvc/links/7f3c/sync/providers/vsphere.local",
               "vmware-api-session-id: 0123456789abcdef0123456789abcdef", {});
    benchmark::DoNotOptimize(out.data());
  }
}

void frame(benchmark::State& s, std::string const& reply) {
  hvc::http::reply_reader reader({});
  std::string recycled;
  for (auto _ : s) {
    reader.begin(std::move(recycled));
    auto const room = reader.prepare(reply.size());
    std::memcpy(room.data(), reply.data(), reply.size());
    if (reader.commit(reply.size()) != hvc::http::progress::reply)
      return s.SkipWithError("the reply was not understood");
    recycled = std::move(reader.take().bytes);
  }
}

void frame_reply(benchmark::State& s) {
  frame(s, "HTTP/1.1 200 OK\r\ndate: Sat, 14 Mar 2026 09:26:53 GMT\r\ncontent-type: application/json\r\n"
           "content-length: 1200\r\nx-envoy-upstream-service-time: 3\r\nserver: envoy\r\n\r\n" +
               std::string(1200, 'x'));
}
void frame_chunked_reply(benchmark::State& s) {
  frame(s, "HTTP/1.1 200 OK\r\ndate: Sat, 14 Mar 2026 09:26:53 GMT\r\ncontent-type: application/json\r\n"
           "transfer-encoding: chunked\r\nserver: envoy\r\n\r\n4b0\r\n" +
               std::string(1200, 'x') + "\r\n0\r\n\r\n");
}

void pool_take_and_give(benchmark::State& s) {
  hvc::pool_options o;
  o.max_connections = 64;
  hvc::pool::pool pool(o);
  hvc::time_point const now{};
  hvc::connection_id given;
  (void)pool.take(now, hvc::call_id{0, 1}, hvc::pool::where::any, hvc::pool::place::back, given);
  pool.ready(now, *pool.dial(now), 1);
  hvc::connection_id connection = pool.at(0);
  pool.free(now, connection, {});
  for (auto _ : s) {
    benchmark::DoNotOptimize(pool.take(now, hvc::call_id{0, 1}, hvc::pool::where::any, hvc::pool::place::back, given));
    benchmark::DoNotOptimize(pool.free(now, given, {}));
  }
}

void session_need(benchmark::State& s) {
  hvc::session::session session(hvc::session::scheme::login, 60s);
  (void)session.need({});
  session.logged_in();
  for (auto _ : s)
    benchmark::DoNotOptimize(session.need({}));
}

void deadline_set_and_erase(benchmark::State& s) {
  hvc::dispatch::deadline_queue queue;
  hvc::time_point now{};
  auto const others = static_cast<std::uint32_t>(s.range(0));
  for (std::uint32_t i = 0; i != others; ++i)
    queue.set(i, now + 30s + std::chrono::microseconds(i));
  for (auto _ : s) {
    now += 9us;
    queue.set(others, now + 30s);
    queue.erase(others);
  }
}

// One call from submit to success over an idle connection, as the client's core has it decided.
void dispatch_one_call(benchmark::State& s) {
  bench::open_dispatcher at;
  for (auto _ : s) {
    at.now += 9us;
    at.actions.clear();
    hvc::call_id const call = at.dispatcher.submit(at.now, at.request, at.actions);
    at.dispatcher.succeeded(at.now, at.connection, call, at.reusable, at.actions);
    benchmark::DoNotOptimize(at.actions.data());
  }
}

BENCHMARK(write_head);
BENCHMARK(frame_reply);
BENCHMARK(frame_chunked_reply);
BENCHMARK(pool_take_and_give);
BENCHMARK(session_need);
BENCHMARK(deadline_set_and_erase)->Arg(64)->Arg(1000)->Arg(10000);
BENCHMARK(dispatch_one_call);

} // namespace
