// A plugin's performance data taken apart, strictly by the Monitoring Plugins Development Guidelines, section 2.6:
// 'label'=value[UOM];[warn];[crit];[min];[max], separated by spaces.
#pragma once

#include "catch.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hvc::tools::test {

struct performance_figure {
  std::string label;
  double value = 0;
  std::string unit;
  std::optional<double> warning, critical, minimum, maximum;
};

// Fails the test where the text is not of that grammar.
inline std::vector<performance_figure> performance_data_of(std::string_view output) {
  auto const line = output.substr(0, output.find('\n'));
  auto const bar = line.find('|');
  REQUIRE(bar != std::string_view::npos);
  auto rest = line.substr(bar + 1);
  REQUIRE(rest.find('|') == std::string_view::npos);
  auto const number = [&rest]() -> std::optional<double> {
    double value = 0;
    auto const [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (failed != std::errc())
      return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return value;
  };
  std::vector<performance_figure> figures;
  while (true) {
    while (rest.starts_with(' '))
      rest.remove_prefix(1);
    if (rest.empty())
      return figures;
    auto& f = figures.emplace_back();
    auto const equals = rest.find('=');
    REQUIRE(equals != std::string_view::npos);
    f.label = rest.substr(0, equals);
    REQUIRE(f.label.find_first_of("'= ;") == std::string::npos); // we quote none
    REQUIRE(!f.label.empty());
    rest.remove_prefix(equals + 1);
    auto const value = number();
    REQUIRE(value.has_value());
    f.value = *value;
    while (!rest.empty() && rest.front() >= 'a' && rest.front() <= 'z') {
      f.unit.push_back(rest.front());
      rest.remove_prefix(1);
    }
    for (auto* field : {&f.warning, &f.critical, &f.minimum, &f.maximum}) {
      if (!rest.starts_with(';'))
        break;
      rest.remove_prefix(1);
      *field = number();
    }
    REQUIRE((rest.empty() || rest.front() == ' '));
  }
}

} // namespace hvc::tools::test
