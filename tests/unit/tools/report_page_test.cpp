#include "tools/sync/report_page.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"
#include "holds.hpp"
#include "samples.hpp"

#include <boost/json/parse.hpp>

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;
using hvc::test::holds;
using namespace std::chrono_literals;

namespace {

std::string page_of(std::vector<swept> const& all) {
  std::string page = report_head();
  for (std::size_t i = 0; i < all.size(); ++i)
    page += report_row(i, "berlin", all[i], now);
  return page + report_tail("berlin", now, true);
}

// What a browser would find in the element, as HTML delimits it.
boost::json::object data_in(std::string const& page) {
  std::string const begin = "<script type=\"application/json\" id=\"data\">";
  auto const from = page.find(begin) + begin.size();
  return boost::json::parse(page.substr(from, page.find("</script", from) - from)).as_object();
}

swept failed_with_markup() {
  return {
      question("l", "p"),
      *decode_sync_info(
          R"({"status":"FAILED","status_message":{"id":"","default_message":"<!--<script>","args":[]},)"
          R"("last_sync_time":"2026-03-14T09:24:53.000Z","polling_interval_in_seconds":300,)"
          R"("current_session_info":{"stage":"FAILED","total_work":9,"completed_work":4,)"
          R"("start_time":"2026-03-14T09:24:50.000Z","exception":{"id":"x.y","default_message":"gone","args":[]}}})"),
      1'500us};
}

} // namespace

TEST_CASE("the page holds a row for each result") {
  auto const data = data_in(page_of({failed_with_markup(), {question("l", ""), error(error_kind::deadline), 3ms}}));
  auto const& rows = data.at("rows").as_array();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0] == boost::json::parse(R"(["berlin","l","p","FAILED",0,120,1500,"<!--<script> gone [x.y]"])"));
  CHECK(rows[1].at(2) == "");
  CHECK(rows[1].at(3) == "deadline");
  CHECK(rows[1].at(4) == 2);
  CHECK(rows[1].at(5).is_null());
  CHECK(data.at("at") == "2026-03-14 09:26:53 UTC");
  CHECK(data.at("interrupted") == true);
  CHECK(data_in(page_of({})).at("rows").as_array().empty());
}

TEST_CASE("no text ends the element that holds the data, and the page asks for nothing from elsewhere") {
  std::string const evil = "</script><script>alert(1)</script><!--";
  auto const page = page_of({{question(evil, evil), failed_with_markup().info, 1us}});
  CHECK(data_in(page).at("rows").at(0).at(1) == boost::json::string_view(evil));
  CHECK(!holds(page, "alert(1)</script>"));
  for (auto const* outside : {"src=", "href=", "@import", "url(", "fetch("})
    CHECK(!holds(report_head() + report_tail("", now, false), outside));
}
