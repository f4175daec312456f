#include "catch.hpp"

#include "http/reply_fault.hpp"

#include <set>
#include <string>

using namespace hvc;
using namespace hvc::http;

TEST_CASE("every fault of a reply has a kind, a reason and a sentence of its own") {
  std::set<std::string> names;
  auto const last_fault = static_cast<unsigned>(reply_fault::in_body);
  for (unsigned i = 1; i <= last_fault; ++i) {
    failure const f = to_failure(static_cast<reply_fault>(i), stage::body);
    CHECK(f.stage == stage::body);
    CHECK(!f.text.empty());
    names.insert(std::string{to_string(f.kind)} + "(" + std::string{f.reason} + ")");
  }
  CHECK(names.size() == last_fault);
  CHECK(names.count("protocol(transfer_encoding)") == 1);
  CHECK(names.count("limit(chunk_overhead)") == 1);
  CHECK(names.count("connection_lost(in_headers)") == 1);
}
