#include "watch/sync_end.hpp"

#include "error_builder.hpp"

#include <hvc/watch_values.hpp>

#include "catch.hpp"

#include <limits>

using namespace hvc;
using namespace std::chrono_literals;
using watching::sync_end;
using watching::sync_end_in;

namespace {

sync_info in_stage(open_enum<sync_stage> stage, date_time started = date_time(100s)) {
  sync_info i;
  i.current_session_info = session_info{.stage = std::move(stage), .start_time = started};
  return i;
}

std::optional<double> fraction(std::int64_t completed, std::int64_t total) {
  return fraction_done(session_info{.completed_work = completed, .total_work = total});
}

} // namespace

TEST_CASE("a session is over when it is COMPLETED or FAILED, and runs in every other stage, unknown ones too") {
  CHECK(sync_end_in(in_stage(sync_stage::completed), {}) == sync_end::over);
  CHECK(sync_end_in(in_stage(sync_stage::failed), {}) == sync_end::over);
  for (auto const s : {sync_stage::change_detection, sync_stage::change_enumeration, sync_stage::change_application,
                       sync_stage::waiting})
    CHECK(sync_end_in(in_stage(s), {}) == sync_end::running);
  CHECK(sync_end_in(in_stage(open_enum<sync_stage>::from_name("POLISHING")), {}) == sync_end::running);
}

TEST_CASE("without a session, or with one from before, it has not begun") {
  CHECK(sync_end_in(sync_info(), {}) == sync_end::not_begun);
  CHECK(sync_end_in(in_stage(sync_stage::completed), date_time(100s)) == sync_end::not_begun);
  CHECK(sync_end_in(in_stage(sync_stage::completed), date_time(101s)) == sync_end::not_begun);
  CHECK(sync_end_in(in_stage(sync_stage::completed), date_time(99s)) == sync_end::over);
}

TEST_CASE("failures that may pass are waited out, others are hopeless") {
  CHECK(sync_end_in(error_builder(error(error_kind::connection_lost)).retryable(true).build(), {}) ==
        sync_end::unknown);
  CHECK(sync_end_in(error(error_kind::tls_verify), {}) == sync_end::hopeless);
  CHECK(sync_end_in(error(error_kind::closed), {}) == sync_end::hopeless);
}

TEST_CASE("the fraction done has no unit, and none is told where the numbers tell nothing") {
  CHECK(fraction(1, 4) == 0.25);
  CHECK(fraction(0, 4) == 0.0);
  CHECK(fraction(4, 4) == 1.0);
  CHECK(fraction(5, 4) == 1.0);
  CHECK_FALSE(fraction(0, 0));
  CHECK_FALSE(fraction(3, 0));
  CHECK_FALSE(fraction(3, -1));
  CHECK_FALSE(fraction(-1, 4));
  CHECK(fraction(std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()) == 1.0);
}
