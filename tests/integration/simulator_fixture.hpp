// What the tests of the simulator share: a client that knows no more than TLS, and what it was told.
#pragma once

#include "catch.hpp"
#include "raw_client.hpp"

#include <hvc/codec.hpp>
#include <hvc/simulator/simulator.hpp>

namespace hvc::test {

inline raw_client client_of(simulator const& s) { return raw_client(s.server(), s.ca_pem()); }

inline sync_info info_in(raw_client::reply const& r) {
  CAPTURE(r.body);
  auto i = decode_sync_info(r.body);
  REQUIRE(i.has_value());
  return *i;
}

} // namespace hvc::test
