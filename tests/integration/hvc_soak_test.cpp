// hvc-soak as a script runs it.
#include "catch.hpp"
#include "holds.hpp"
#include "program.hpp"

#include <fcntl.h>
#include <unistd.h>

using namespace hvc::test;

TEST_CASE("hvc-soak fails where its figures cannot be written") {
  int const full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  auto const r = program(HVC_SOAK, {.arguments = {"--quiet", "--requests", "1"}, .output = full}).wait();
  ::close(full);
  CHECK(r.code == 1);
  CHECK(holds(r.err, "cannot write to standard output"));
}
