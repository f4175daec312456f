// What json::reader takes a short way through comes out as by the long one.
#include "api/json_reader.hpp"

#include "catch.hpp"
#include "repeated.hpp"
#include "samples.hpp"

#include <hvc/codec.hpp>

#include <charconv>
#include <cmath>
#include <random>
#include <string>
#include <vector>

using namespace hvc;
using json::reader;

namespace {

// The one number of an array, which follows it at once.
std::optional<double> number_in(std::string const& text) {
  std::string const document = "[" + text + "]";
  reader in(document, 1);
  double value = 0;
  if (!in.begin() || in.first_element() != reader::step::item || !in.number(value))
    return std::nullopt;
  return in.next_element() == reader::step::end && in.finish() ? std::optional(value) : std::nullopt;
}

// With white space wherever it may stand.
std::string spaced_out(std::string_view document) {
  std::string result;
  bool quoted = false;
  for (char const c : document) { // without escapes
    quoted = quoted != (c == '"');
    bool const mark = !quoted && std::string_view("{}[]:,").find(c) != std::string_view::npos;
    result += mark ? " \r\n" + std::string(1, c) + "\t  " : std::string(1, c);
  }
  return result;
}

} // namespace

TEST_CASE("a decimal of any length is read as the nearest double, wherever it ends") {
  std::mt19937_64 random(7); // NOLINT: the same every time
  auto const digits = [&](std::size_t count) {
    std::string result;
    for (; count != 0; --count)
      result += static_cast<char>('0' + random() % 10);
    return result;
  };
  for (int i = 0; i < 20'000; ++i) {
    auto const whole = random() % 3 ? std::to_string(random() % 10) : std::to_string(random() >> random() % 64);
    auto number = whole + "." + digits(1 + random() % 18);
    if (random() % 8 == 0)
      number = "-" + number;
    if (random() % 8 == 0)
      number += (random() % 2 ? "e-" : "E") + std::to_string(random() % 30);
    double nearest = 0;
    std::from_chars(number.data(), number.data() + number.size(), nearest);
    for (auto const& text : {number, " " + number, number + " "}) {
      INFO(text);
      REQUIRE(number_in(text) == nearest);
    }
    reader in(number, 1); // at the end of all
    double value = 0;
    REQUIRE((in.begin() && in.number(value) && in.finish()));
    REQUIRE(value == nearest);
  }
  CHECK(std::signbit(number_in("-0.0").value()));
  CHECK_FALSE(std::signbit(number_in("0.0").value()));
}

TEST_CASE("J2 what only looks like a decimal is decode(syntax)") {
  for (auto const* text : {"00.5", "01.5", "1.", "1., ", ".5", "1.e3", "1.5e", "1.5e+", "1.5.5", "1..5", "--1.5",
                           "1.5-", "0x1.8", "1,5", "12345678901234.", "123456789012345.", "1.5f", "+1.5", "1 .5"}) {
    INFO(text);
    CHECK_FALSE(number_in(text));
  }
}

TEST_CASE("J17 a date-time is the same however its text is written") {
  auto const of = [](std::string_view text) {
    return decode_sync_info(R"({"status":"X","polling_interval_in_seconds":1,"last_sync_time":)" + std::string(text) +
                            "}");
  };
  auto const usual = of(R"("2026-03-14T09:26:53.589Z")");
  REQUIRE(usual.has_value());
  for (std::string_view text : {R"( "2026-03-14T09:26:53.589Z" )", R"("2026-03-14T09:26:53.5890Z")",
                                R"("2026-03-14T09:26:53.589\u005A")", R"("\u0032026-03-14T09:26:53.589Z")"}) {
    INFO(text);
    auto const same = of(text);
    REQUIRE(same.has_value());
    CHECK(*same == *usual);
  }
  // Nearly the usual text, and none.
  for (std::string_view text :
       {R"("2026-03-14T09:26:53.58\"")", R"("2026-03-14T09:26:53.58\Z")", R"("2026-03-14T09:26:5","x":"")",
        R"("2026-03-14T09:26:53Z","x")", R"("2026-03-14T09:26:53.589Zx")", R"("2026-03-14T09:26:53.589Z,)",
        R"(x2026-03-14T09:26:53.589Z")", R"(2026-03-14T09:26:53.589Z)", R"(""2026-03-14T09:26:53.589Z"")"}) {
    INFO(text);
    CHECK_FALSE(of(text).has_value());
  }
}

TEST_CASE("white space changes nothing, however deep the document") {
  auto const plain = decode_sync_info(samples::full_info);
  REQUIRE(plain.has_value());
  auto const spaced = decode_sync_info(spaced_out(samples::full_info));
  REQUIRE(spaced.has_value());
  CHECK(*spaced == *plain);
  std::string many = R"({"status":"X","polling_interval_in_seconds":1,"status_message":{"id":"","default_message":"",)"
                     R"("args":[],"params":{"0":{})";
  for (int i = 1; i != 100; ++i) // as many objects, one after the other, as would be too deep
    many += ",\"" + std::to_string(i) + R"(":{"i":1})";
  many += "}}}";
  CHECK(decode_sync_info(many, {.depth = 4}).has_value());
  CHECK(decode_sync_info(spaced_out(many), {.depth = 4}).has_value());
}

TEST_CASE("J1 J2 an Info that is cut off anywhere is refused, and nothing behind it is read") {
  for (auto const& whole : {std::string(samples::full_info), spaced_out(samples::full_info)})
    for (std::size_t size = 0; size != whole.size(); ++size) {
      std::vector<char> const exactly(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      auto const cut = decode_sync_info({exactly.data(), exactly.size()});
      INFO(size);
      bool const only_space_is_missing = whole.find_first_not_of(" \r\n\t", size) == std::string::npos;
      REQUIRE(cut.has_value() == only_space_is_missing);
    }
}

TEST_CASE("J20 what is left out of a standard error leaves the depth as it was") {
  auto const with_data = [](unsigned arrays) {
    return R"({"messages":[{"id":"a","default_message":"","args":[],"params":{"x":{"s":{}},"y":{"l":{"id":7}},"z":{}}},)"
           R"([[7]],{"id":"b","default_message":"","args":[]}],"data":{"a":)" +
           test::repeated("[", arrays) + test::repeated("]", arrays) + "}}";
  };
  auto const fits = decode_standard_error(with_data(4), 500, {.depth = 6});
  REQUIRE(fits.has_value());
  CHECK(fits->messages.size() == 2);
  CHECK(fits->notes.size() == 3);
  CHECK_FALSE(fits->data.empty());
  auto const too_deep = decode_standard_error(with_data(5), 500, {.depth = 6});
  REQUIRE(too_deep.has_value());
  CHECK(too_deep->data.empty());
}
