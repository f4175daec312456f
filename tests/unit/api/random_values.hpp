// Random values of the API's types, by seed: what decode(encode(x)) == x is tried with.
#pragma once

#include <hvc/standard_error.hpp>

#include <cmath>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>

class random_values {
public:
  explicit random_values(unsigned seed) : engine_(seed) {}

  bool one_in(unsigned n) { return below(n) == 0; }
  unsigned below(unsigned n) { return static_cast<unsigned>(engine_() % n); }

  std::string text() {
    static constexpr std::string_view pieces[] = {
        "a",     "Word ", "\"",   "\\", "/",      "\b", "\f",         "\n", "\r",     "\t",
        "\x01",  "\x1f",  "\x7f", "é",  "\u2028", "€",  "\U0001F600", "ש",  "\u202E", "long run of plain text ",
        "{}[]:,"};
    std::string result;
    for (auto n = below(6); n != 0; --n)
      result += pieces[below(std::size(pieces))];
    if (one_in(8))
      result.push_back('\0');
    return result;
  }
  std::int64_t integer() {
    switch (below(5)) {
    case 0:
      return INT64_MIN;
    case 1:
      return INT64_MAX;
    case 2:
      return 0;
    case 3:
      return static_cast<std::int64_t>(engine_());
    default:
      return static_cast<std::int64_t>(below(100'000)) - 50'000;
    }
  }
  double real() {
    static constexpr double some[] = {0.0, -0.0, 1.0, 0.1, 5e-324, 1.7976931348623157e308, -2.5e-7, 1e22, 123456789.0};
    if (one_in(2))
      return some[below(std::size(some))];
    return std::ldexp(static_cast<double>(engine_()) - 9.2e18, static_cast<int>(below(1900)) - 1000);
  }
  hvc::date_time time() {
    std::int64_t const from = -62'167'219'200;    // the year 0000
    std::int64_t const seconds = 315'569'520'000; // to the end of 9999
    auto const second = from + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(seconds));
    std::int64_t const micros = one_in(2) ? below(1000) * 1000 : below(1'000'000);
    return hvc::date_time(std::chrono::seconds(second)) + std::chrono::microseconds(micros);
  }
  template <class E> hvc::open_enum<E> constant(unsigned count) {
    if (one_in(6))
      return hvc::open_enum<E>::from_name("NEW_" + text());
    return static_cast<E>(1 + below(count));
  }
  hvc::localization_params params(int depth) {
    hvc::localization_params result;
    for (unsigned i = 0, n = below(4); i != n; ++i)
      result.push_back({std::to_string(i) + text(), param(depth)});
    return result;
  }
  hvc::localization_param param(int depth) {
    hvc::localization_param p;
    if (one_in(2))
      p.s = text();
    if (one_in(3))
      p.dt = time();
    if (one_in(3))
      p.i = integer();
    if (one_in(3))
      p.d = real();
    if (one_in(3))
      p.format = constant<hvc::date_time_format>(12);
    if (one_in(3))
      p.precision = integer();
    if (depth > 0 && one_in(3)) {
      p.l.emplace().id = text();
      if (one_in(2))
        p.l->params = params(depth - 1);
    }
    return p;
  }
  hvc::localizable_message message() {
    hvc::localizable_message m;
    m.id = text();
    m.default_message = text();
    for (auto n = below(7); n != 0; --n)
      m.args.push_back(text());
    if (one_in(2))
      m.params = params(3);
    if (one_in(2))
      m.localized = text();
    return m;
  }
  hvc::sync_info info() {
    hvc::sync_info i;
    if (one_in(2))
      i.last_sync_time = time();
    i.status = constant<hvc::sync_status>(3);
    i.polling_interval_in_seconds = integer();
    if (one_in(2)) {
      auto& s = i.current_session_info.emplace();
      s.stage = constant<hvc::sync_stage>(6);
      s.completed_work = integer();
      s.total_work = integer();
      s.start_time = time();
      if (one_in(2))
        s.completion_time = time();
      if (one_in(2))
        s.exception = message();
    }
    if (one_in(2))
      i.status_message = message();
    return i;
  }
  hvc::standard_error standard_error() {
    hvc::standard_error e;
    for (auto n = below(4); n != 0; --n)
      e.messages.push_back(message());
    if (one_in(2))
      e.data = hvc::error_data(R"({"@class":"x","a":[1,{"b":null}]})");
    e.error_type = constant<hvc::error_type>(25);
    if (one_in(2))
      e.challenge = text();
    return e;
  }

private:
  std::mt19937_64 engine_;
};
