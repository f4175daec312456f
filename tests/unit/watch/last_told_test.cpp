#include "watch/last_told.hpp"

#include "error_builder.hpp"

#include <hvc/standard_error.hpp>

#include "catch.hpp"

using namespace hvc;
using watching::last_told;

namespace {

sync_info with_status(sync_status s) {
  sync_info i;
  i.status = s;
  return i;
}

error standard(error_type t) {
  auto decoded = std::make_shared<standard_error>();
  decoded->error_type = t;
  return error_builder(error(error_kind::standard)).detail({.standard = std::move(decoded)}).build();
}

} // namespace

TEST_CASE("the first answer is news, the same again is not, another is") {
  last_told t;
  CHECK(t.differs(with_status(sync_status::succeeded)));
  CHECK_FALSE(t.differs(with_status(sync_status::succeeded)));
  CHECK(t.differs(with_status(sync_status::failed)));
  CHECK(t.differs(with_status(sync_status::succeeded)));
}

TEST_CASE("a session's progress is news") {
  last_told t;
  auto info = with_status(sync_status::succeeded);
  info.current_session_info = session_info{.completed_work = 1, .total_work = 5};
  CHECK(t.differs(info));
  info.current_session_info->completed_work = 2;
  CHECK(t.differs(info));
  CHECK_FALSE(t.differs(info));
}

TEST_CASE("a failure is news once, whatever it cost, and so is what comes after it") {
  last_told t;
  CHECK(t.differs(with_status(sync_status::succeeded)));
  CHECK(t.differs(error(error_kind::connect)));
  CHECK_FALSE(
      t.differs(error_builder(error(error_kind::connect)).attempts(3).elapsed(std::chrono::seconds(2)).build()));
  CHECK(t.differs(error(error_kind::tls_verify, "expired")));
  CHECK(t.differs(error(error_kind::tls_verify, "unknown_ca")));
  CHECK(t.differs(error_builder(error(error_kind::http_status)).http_status(502).build()));
  CHECK(t.differs(error_builder(error(error_kind::http_status)).http_status(503).build()));
  CHECK(t.differs(with_status(sync_status::succeeded)));
}

TEST_CASE("standard errors differ by their type") {
  last_told t;
  CHECK(t.differs(standard(error_type::not_found)));
  CHECK_FALSE(t.differs(standard(error_type::not_found)));
  CHECK(t.differs(standard(error_type::unauthorized)));
  CHECK(t.differs(error(error_kind::standard))); // none at all
}
