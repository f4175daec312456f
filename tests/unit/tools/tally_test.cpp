#include "tools/sync/tally.hpp"

#include "catch.hpp"
#include "holds.hpp"
#include "samples.hpp"

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;
using hvc::test::holds;
using namespace std::chrono_literals;

namespace {

swept answered(open_enum<sync_status> status, std::chrono::microseconds took = 3ms, std::string provider = "P") {
  sync_info info;
  info.status = status;
  return {question("L", std::move(provider)), info, took};
}

swept failed(error_kind kind) { return {question("L", "P"), error(kind), 5s}; }

int code_of(std::vector<swept> const& all) {
  tally t;
  for (auto const& s : all)
    t.add({}, s);
  return t.exit_code();
}

} // namespace

TEST_CASE("a sweep's exit code is that of the worst: 3 before 4 before 1") {
  CHECK(code_of({}) == 0);
  CHECK(code_of({answered(sync_status::succeeded), answered(sync_status::no_sync_found)}) == 0);
  CHECK(code_of({answered(sync_status::failed), answered(sync_status::succeeded)}) == 1);
  CHECK(code_of({refused()}) == 1);
  CHECK(code_of({refused(), failed(error_kind::deadline), answered(sync_status::failed)}) == 4);
  CHECK(code_of({failed(error_kind::connect), failed(error_kind::deadline), refused()}) == 3);
  CHECK(code_of({failed(error_kind::deadline), failed(error_kind::connect)}) == 3);
  CHECK(code_of({failed(error_kind::invalid_argument)}) == 3); // an id of the server's own
}

TEST_CASE("a sweep is told in groups, with the slowest and the latencies of what was answered") {
  tally t;
  for (int i = 0; i < 1'200; ++i)
    t.add({}, answered(sync_status::succeeded));
  t.add("berlin", answered(sync_status::failed, 800ms, "slow\x1b[31m"));
  t.add({}, refused());
  t.add({}, failed(error_kind::deadline));
  t.add({}, answered(open_enum<sync_status>::from_name("PAUSED")));
  auto const text = t.text(10s, false, {});
  CAPTURE(text);
  CHECK(text.find("1,204 results in 10 s, 120 a second\n") == 0);
  CHECK(holds(text, "\n      1    0.0 %  FAILED\n"));
  CHECK(holds(text, "\n  1,200   99.6 %  SUCCEEDED\n"));
  CHECK(holds(text, "  PAUSED\n"));
  CHECK(holds(text, "  standard(NOT_FOUND)\n"));
  CHECK(holds(text, "  deadline\n"));
  CHECK(holds(text, "Slowest\n    800 ms  berlin: L/slow?[31m\n      3 ms  L/P\n"));
  CHECK(holds(text, "the longest 800 ms"));
  CHECK(holds(t.text(10s, true, {}), ", then interrupted\n"));
  CHECK(tally().text(1s, false, {}) == "0 results in 1 s, 0 a second\n");
}

TEST_CASE("what was refused without being sent has no latency") {
  tally t;
  auto const told_again =
      error_builder(with_standard(error_kind::auth, "login_refused", not_found(), 401)).attempts(0).build();
  t.add({}, {question("L", "P"), told_again, 70ms});
  auto const text = t.text(1s, false, {});
  CHECK(holds(text, "  auth(login_refused)\n"));
  CHECK(!holds(text, "Slowest"));
  CHECK(!holds(text, "Latency"));
}

TEST_CASE("errors are grouped by kind and by what stands in its brackets") {
  CHECK(group_of(error(error_kind::deadline)) == "deadline");
  CHECK(group_of(error(error_kind::tls_verify, "expired")) == "tls_verify(expired)");
  CHECK(group_of(with_standard(error_kind::standard, {}, not_found(), 404)) == "standard(NOT_FOUND)");
}

TEST_CASE("a server that makes up names does not make the tally grow without end") {
  tally t;
  for (int i = 0; i < 10'000; ++i)
    t.add({}, answered(open_enum<sync_status>::from_name("S" + std::to_string(i))));
  CHECK(holds(t.text(1s, false, {}), "  9,936   99.3 %  (others)\n"));
}
